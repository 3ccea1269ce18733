//! What is built into the product and with what, and who may deploy it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects by panicking when it does not hold"
)]

use std::{fs, path::PathBuf};

use serde_yaml_ng::Value;

fn read(name: &str) -> String {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The workflows, each as text and read.
fn workflows() -> Vec<(String, String, Value)> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../.github/workflows");
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let read = |name: String| {
        let text = read(&format!(".github/workflows/{name}"));
        let workflow = serde_yaml_ng::from_str(&text).unwrap();
        (name, text, workflow)
    };
    names.map(read).collect()
}

fn jobs(workflow: &Value) -> impl Iterator<Item = (&str, &Value)> {
    workflow["jobs"].as_mapping().unwrap().iter().map(|(name, job)| (name.as_str().unwrap(), job))
}

/// What a job may do: its own permissions, or else the workflow's.
fn permissions<'a>(workflow: &'a Value, job: &'a Value) -> &'a Value {
    [&job["permissions"], &workflow["permissions"]].into_iter().find(|granted| !granted.is_null()).unwrap()
}

fn steps(job: &Value) -> impl Iterator<Item = &Value> {
    job["steps"].as_sequence().unwrap().iter()
}

#[test]
fn actions_are_pinned_by_commit_and_say_which_release_it_is() {
    let mut found = 0;
    for (name, text, _) in workflows() {
        for line in text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")) {
            found += 1;
            let (_, rest) = line.split_once('@').unwrap_or_else(|| panic!("{name}: {line}"));
            let (commit, release) =
                rest.split_once(" # v").unwrap_or_else(|| panic!("{name}: {line} names no release"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {line}");
            assert_eq!(release.split('.').filter(|number| number.parse::<u32>().is_ok()).count(), 3, "{name}: {line}");
        }
    }
    assert!(found > 3, "{found}");
}

#[test]
fn who_builds_may_not_deploy_and_who_deploys_does_not_build() {
    let mut deploying = Vec::new();
    for (name, _, workflow) in workflows() {
        for (job_name, job) in jobs(&workflow) {
            let what = format!("{name}, {job_name}");
            let granted =
                permissions(&workflow, job).as_mapping().unwrap_or_else(|| panic!("{what}: name each permission"));
            let granted: Vec<_> =
                granted.iter().map(|(right, level)| (right.as_str().unwrap(), level.as_str().unwrap())).collect();
            let run: String = steps(job).filter_map(|step| step["run"].as_str()).collect();
            let uses = || steps(job).filter_map(|step| step["uses"].as_str());
            for step in steps(job).filter(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("/checkout@")))
            {
                assert_eq!(step["with"]["persist-credentials"], Value::Bool(false), "{what}: a token is left behind");
            }
            if granted == [("id-token", "write")] {
                assert!(!job["environment"].is_null(), "{what}: nobody is asked");
                let checked = run.find("sha256sum --check").unwrap_or_else(|| panic!("{what}: any artefact would do"));
                assert!(checked < run.find("tar --extract").unwrap(), "{what}: unpacked before it is checked");
                for builds in ["cargo ", "npm ", "sam build", "git "] {
                    assert!(!run.contains(builds), "{what} runs {builds}");
                }
                assert!(
                    uses().all(|action| !action.starts_with("actions/checkout@")),
                    "{what} takes what was not built"
                );
                deploying.push(what);
            } else {
                assert_eq!(granted, [("contents", "read")], "{what}");
                assert!(job["environment"].is_null(), "{what} sees what is for deploying");
                assert!(uses().all(|action| !action.starts_with("aws-actions/")), "{what}");
            }
        }
    }
    assert_eq!(deploying, ["deploy.yml, deploy"]);
}

#[test]
fn the_deployment_is_packed_with_everything_that_deploying_reads() {
    let (_, _, workflow) = workflows().into_iter().find(|(name, ..)| name == "deploy.yml").unwrap();
    let run = |job: &str| steps(&workflow["jobs"][job]).filter_map(|step| step["run"].as_str()).collect::<String>();
    let packed = run("build");
    let (_, packed) = packed.split_once("tar --create").unwrap();
    for read in
        [".aws-sam/build", ".ci/requirements.txt", "infra/samconfig.toml", "infra/deploy-site.sh", "frontend/out"]
    {
        assert!(packed.contains(&format!(" {read}")), "{read}");
    }
    assert!(run("build").contains(".ci/run sbom") && packed.contains("target/ci/sbom"), "no bill of materials");
}

#[test]
fn python_packages_are_installed_by_hash_alone() {
    // And how many times as many packages come with those that are wanted, at the least.
    let directories = [
        (".ci", 2),
        ("infra/schemathesis", 2),
        ("infra/second-store", 2),
        ("infra/benchmark/peers/fastapi", 2),
        ("infra/benchmark/compare/hash", 1),
    ];
    for (directory, times) in directories {
        let wanted = read(&format!("{directory}/requirements.in"));
        let pinned = read(&format!("{directory}/requirements.txt"));
        let wanted: Vec<_> = wanted.lines().filter(|line| !line.starts_with('#')).collect();
        for package in &wanted {
            let line = format!("{} \\", package.to_lowercase());
            assert!(
                pinned.lines().any(|pinned| pinned == line),
                "{directory}: requirements.txt is older than {package}"
            );
        }
        let packages: Vec<_> =
            pinned.split("\n").filter(|line| line.contains("==") && !line.starts_with(['#', ' '])).collect();
        assert!(packages.len() > wanted.len() * times, "{packages:?}");
        for package in packages {
            let (_, after) = pinned.split_once(package).unwrap();
            assert!(
                package.ends_with('\\') && after.trim_start().starts_with("--hash=sha256:"),
                "{package} has no hash"
            );
        }
    }
    let mut found = 0;
    let scripts = [
        ".ci/run",
        "infra/sam-local.sh",
        "infra/second-store.sh",
        "infra/benchmark/peers/run",
        ".github/workflows/ci.yml",
        ".github/workflows/deploy.yml",
    ];
    for name in scripts {
        for line in read(name).lines().filter(|line| line.contains("pip\" install") || line.contains("pip install")) {
            found += 1;
            assert!(line.contains("--no-deps --require-hashes --only-binary :all:"), "{name}: {line}");
        }
    }
    assert!(found > 4, "{found}");
}

#[test]
fn fuzzing_is_done_to_the_versions_that_are_shipped() {
    let packages = |name: &str| {
        let lock: toml::Table = read(name).parse().unwrap();
        let packages: Vec<toml::Value> = lock["package"].as_array().unwrap().clone();
        packages.into_iter().map(|package| {
            let text = |key: &str| package.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
            (text("name"), text("version"), text("checksum"))
        })
    };
    let shipped: Vec<_> = packages("Cargo.lock").collect();
    let mut own = Vec::new();
    for package in packages("infra/fuzz/Cargo.lock") {
        match shipped.iter().any(|shipped| shipped.0 == package.0) {
            true => assert!(shipped.contains(&package), "`cargo update` in infra/fuzz: {} {}", package.0, package.1),
            false => own.push(package.0),
        }
    }
    assert!(own.contains(&"libfuzzer-sys".to_owned()), "{own:?}");
}

//! Password hashing beside other implementations of the same, each as Python packages it.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde::Serialize;

use crate::{
    Result,
    programs::{repository, target},
    statistics::Summary,
};

/// The C reference implementation, in argon2-cffi.
pub(crate) const REFERENCE: &str = "argon2-cffi";

/// What `others.py` can hash with: beside the reference implementation libsodium, in `PyNaCl`, and OpenSSL, in cryptography.
const OTHERS: [&str; 3] = [REFERENCE, "libsodium", "openssl"];

/// How often they take turns.
const TURNS: usize = 8;

/// Milliseconds for a hash.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Hashing {
    pub(crate) ours: Summary,
    pub(crate) others: BTreeMap<String, Summary>,
}

impl Hashing {
    /// Lets them take turns, and counts only what each does after its first hash.
    pub(crate) fn measure(program: &Path) -> Result<Self> {
        let directory = repository().join("infra/benchmark/compare/hash");
        let python = python(&directory.join("requirements.txt"))?;
        let mut ours = Vec::new();
        let mut others: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for _ in 0..TURNS {
            ours.extend(times(&mut Command::new(program))?);
            for name in OTHERS {
                let times = times(Command::new(&python).arg(directory.join("others.py")).arg(name))?;
                others.entry(name).or_default().extend(times);
            }
        }
        let others = others.into_iter().map(|(name, times)| (name.to_owned(), Summary::of(times)));
        Ok(Self { ours: Summary::of(ours), others: others.collect() })
    }
}

fn times(command: &mut Command) -> Result<Vec<f64>> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let times: std::result::Result<Vec<f64>, _> =
        String::from_utf8_lossy(&output.stdout).lines().skip(1).map(str::parse).collect();
    Ok(times?)
}

/// A Python with the other implementations, made under `target`.
fn python(requirements: &Path) -> Result<std::path::PathBuf> {
    let environment = target().join("benchmark").join("python");
    let python = environment.join("bin").join("python");
    if !python.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let by_hash_alone = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement"];
    done(Command::new(&python).args(install).args(by_hash_alone).arg(requirements))?;
    Ok(python)
}

fn done(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

//! What the documents say of one another.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by panicking when it does not hold")]

use std::{collections::BTreeSet, fs, path::Path};

const DOCUMENTS: [&str; 7] = [
    "README.md",
    ".github/SECURITY.md",
    "shared/README.md",
    "infra/OPERATING.md",
    "infra/SECURITY-MODEL.md",
    "infra/better-auth/README.md",
    "infra/benchmark/README.md",
];

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What headings can be linked as: in lower case, words joined by hyphens, without punctuation.
fn anchors(document: &str) -> BTreeSet<String> {
    let headings = document.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            words.chars().filter(|character| character.is_alphanumeric() || "-_".contains(*character)).collect()
        })
        .collect()
}

/// The targets of `[text](target)`, of which text may go over lines.
fn links(document: &str) -> impl Iterator<Item = &str> {
    document.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    for name in DOCUMENTS {
        let path = repository().join(name);
        let document = read(&path);
        for link in links(&document).filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{name} links to {link}, and there is no such file");
            assert!(
                anchor.is_empty() || anchors(&read(&target)).contains(anchor),
                "{name} links to {link}, and there is no such heading"
            );
        }
    }
}

#[test]
fn the_readme_is_short() {
    let lines = read(&repository().join("README.md")).lines().count();
    assert!(
        lines <= 350,
        "README.md has {lines} lines; what its reader does not need belongs beside what it describes"
    );
}

#[test]
fn the_four_figures_of_the_readme_stand_in_the_tables_of_the_benchmark() {
    let readme = read(&repository().join("README.md"));
    let tables = read(&repository().join("infra/benchmark/README.md"));
    let (_, block) = readme.split_once("<!-- begin: written by `cargo benchmark --publish` -->").unwrap();
    let (block, _) = block.split_once("<!-- end -->").unwrap();
    let figures: Vec<_> = block.split("**").skip(1).step_by(2).map(|figure| figure.trim_end_matches(" ms")).collect();
    assert_eq!(figures.len(), 4, "{figures:?}");
    for figure in figures {
        let is_there = tables.contains(&format!("| {figure} |")) || tables.contains(&format!("**{figure} a month**"));
        assert!(is_there, "infra/benchmark/README.md does not have {figure}; run `cargo benchmark --publish`");
    }
}

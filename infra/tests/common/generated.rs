//! Parts of files that tests write: what stands in several places has one source, and the rest is made of it.
//!
//! A test says what belongs there. Where something else stands, it writes the file and fails, so that somebody looks at the
//! difference; in continuous integration (`CI=true`) it only fails.
//!
//! A block lies between two comments of the file's own kind: a line with `generated: NAME` and one with `end of NAME`.

use std::{
    fs,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Holds files of the repository to texts.
///
/// # Panics
/// Where one has another.
pub fn hold_files(wanted: impl IntoIterator<Item = (String, String)>) {
    let _turn = turn();
    hold(wanted);
}

fn hold(wanted: impl IntoIterator<Item = (String, String)>) {
    let stale: Vec<_> = wanted.into_iter().filter(|(file, text)| read(file) != *text).collect();
    if stale.is_empty() {
        return;
    }
    let names = stale.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>().join(", ");
    if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        panic!("stale: {names}. Run `cargo test` on your machine, look at the difference and commit it");
    }
    for (file, text) in &stale {
        fs::write(path(file), text).unwrap();
    }
    panic!("stale, and now written: {names}. Look at the difference and run again");
}

/// Holds a block of a file of the repository to a text, line by line.
///
/// # Panics
/// Where it has another, or the file has no such block.
pub fn hold_block(file: &str, name: &str, wanted: &str) {
    let _turn = turn();
    let text = read(file);
    let marked = |mark: String| {
        let line = text.split_inclusive('\n').position(|line| line.contains(&mark));
        line.unwrap_or_else(|| panic!("{file} has no line with `{mark}`"))
    };
    let (begin, end) = (marked(format!("generated: {name}")), marked(format!("end of {name}")));
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let (before, after) = (lines[..=begin].concat(), lines[end..].concat());
    hold([(file.to_owned(), format!("{before}{}\n{after}", wanted.trim_end_matches('\n')))]);
}

/// Two tests may hold blocks of one file.
fn turn() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(file)
}

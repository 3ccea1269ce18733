//! Parts of files that tests write: what stands in several places has one source, and the rest is made of it.
//!
//! A test says what belongs there. Where something else stands, it writes the file and fails, so that somebody looks at the
//! difference; in continuous integration (`CI=true`) it only fails.
//!
//! A block lies between two comments of the file's own kind: a line with `generated: NAME` and one with `end of NAME`.

use std::{fs, path::PathBuf};

/// Holds a file of the repository to a text.
///
/// # Panics
/// Where it has another.
pub fn hold_file(file: &str, wanted: &str) {
    if read(file) != wanted {
        replace(file, wanted);
    }
}

/// Holds a block of a file of the repository to a text, line by line.
///
/// # Panics
/// Where it has another, or the file has no such block.
pub fn hold_block(file: &str, name: &str, wanted: &str) {
    let text = read(file);
    let marked = |mark: String| {
        let line = text.split_inclusive('\n').position(|line| line.contains(&mark));
        line.unwrap_or_else(|| panic!("{file} has no line with `{mark}`"))
    };
    let (begin, end) = (marked(format!("generated: {name}")), marked(format!("end of {name}")));
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let wanted = format!("{}\n", wanted.trim_end_matches('\n'));
    if lines[begin + 1..end].concat() != wanted {
        replace(file, &[&lines[..=begin].concat(), &wanted, &lines[end..].concat()].map(String::as_str).concat());
    }
}

fn read(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(file)
}

fn replace(file: &str, wanted: &str) -> ! {
    if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        panic!("{file} is stale: run `cargo test` on your machine, look at the difference and commit it");
    }
    fs::write(path(file), wanted).unwrap();
    panic!("{file} was stale. It is written; look at the difference and run again");
}

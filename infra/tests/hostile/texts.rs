//! Texts that programs stumble over.

use fastrand::Rng;

const CORPUS: &str = include_str!("corpus.txt");

/// One of the corpus, some characters of any kind, or two texts together.
pub fn text(random: &mut Rng) -> String {
    match random.u8(0..10) {
        0..=5 => one(random),
        6 => (0..random.usize(0..40)).map(|_| random.char(..)).collect(),
        7 => one(random).repeat(random.usize(1..200)),
        8 => percent_encoded(&one(random)),
        _ => one(random) + &one(random),
    }
}

fn one(random: &mut Rng) -> String {
    let lines: Vec<_> = CORPUS.lines().filter(|line| !line.starts_with("# ")).collect();
    unescaped(lines[random.usize(..lines.len())])
}

/// A line as JSON writes text, so that it can hold anything.
fn unescaped(line: &str) -> String {
    serde_json::from_str(&format!("\"{line}\"")).unwrap_or_else(|error| panic!("corpus.txt, {line}: {error}"))
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The same with one byte, if it is ASCII, another one, missing or twice.
pub fn damaged(text: &str, random: &mut Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return one(random);
    }
    let at = random.usize(..characters.len());
    match random.u8(0..5) {
        0 => characters[at] = random.alphanumeric(),
        1 => drop(characters.remove(at)),
        2 => characters.insert(at, characters[at]),
        3 => characters.truncate(at),
        _ => characters[at] = random.char(..),
    }
    characters.into_iter().collect()
}

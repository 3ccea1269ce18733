//! The shape of the code: which module of `shared` may use which, and how large things may be.
//!
//! `shared/src/lib.rs` lists the layers from the lowest up, a blank line between one and the next. What counts is where a name is
//! defined, not through which module it is imported: `crate::App` is of `app`. Test code may use everything.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test says what it expects by panicking when it does not hold"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What everything may use, because it is handed plain values, and itself uses nothing but this.
const ANYWHERE: (&str, &str) = ("telemetry", "error");

/// Where files may use each other in a circle: a request reads its cookies and cookies are set for a request; the row of an
/// idempotency key holds that of a task, which is written together with it.
const CIRCLES_WITHIN: [&str; 2] = ["http", "store"];

/// The most lines of a file of `shared/src`.
const MOST_LINES: usize = 400;
/// There are fewer events than this.
const EVENTS: usize = 80;

/// Where a module is in the crate: nothing for the root.
type ModulePath = Vec<String>;

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A module that has a file.
#[derive(Default)]
struct Module {
    file: PathBuf,
    /// What it calls names from elsewhere in the crate by, from the root on.
    imports: BTreeMap<String, Vec<String>>,
    /// The paths that it names, from the root on.
    paths: BTreeSet<Vec<String>>,
}

/// The crate: its modules, without those for tests.
struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

impl Crate {
    /// Reads a crate, which `lib` is the root of.
    fn read(lib: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut open = vec![(ModulePath::new(), lib.to_owned())];
        while let Some((path, file)) = open.pop() {
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let mut reader = Reader { path: path.clone(), children: BTreeSet::new(), module: Module::default() };
            reader.read(&words(&text));
            let folder = match file.file_stem().unwrap().to_str().unwrap() {
                "lib" | "mod" => file.parent().unwrap().to_owned(),
                _ => file.with_extension(""),
            };
            for child in reader.children {
                let files = [folder.join(format!("{child}.rs")), folder.join(&child).join("mod.rs")];
                let file = files.into_iter().find(|file| file.exists());
                let file = file.unwrap_or_else(|| panic!("{} has no file of the module {child}", folder.display()));
                open.push(([path.clone(), vec![child]].concat(), file));
            }
            modules.insert(path, Module { file, ..reader.module });
        }
        Self { modules }
    }

    /// The module that defines what a path names, through whatever it is imported.
    fn definition(&self, path: &[String]) -> ModulePath {
        let mut path = path.to_vec();
        // Each turn follows one import; there are no circles of them, or the crate would not compile.
        loop {
            let module =
                (0..=path.len()).rev().map(|length| &path[..length]).find(|path| self.modules.contains_key(*path));
            let module = module.unwrap().to_vec();
            let imported = path.get(module.len()).and_then(|name| self.modules[&module].imports.get(name));
            match imported {
                None => return module,
                Some(imported) => path = [imported.as_slice(), &path[module.len() + 1..]].concat(),
            }
        }
    }

    /// Which module uses which, and by what path: from where it is used to where it is defined.
    fn uses(&self) -> Vec<(ModulePath, ModulePath, String)> {
        let modules = self.modules.iter().filter(|(path, _)| !path.is_empty());
        let uses = modules.flat_map(|(from, module)| {
            module.paths.iter().map(|path| (from.clone(), self.definition(path), path.join("::")))
        });
        uses.filter(|(from, to, _)| from != to && !to.is_empty()).collect()
    }
}

/// Reads what a module names.
struct Reader {
    path: ModulePath,
    children: BTreeSet<String>,
    module: Module,
}

impl Reader {
    /// A path from the root on; `None` if it leads out of the crate.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let above = |levels: usize| self.path[..self.path.len().saturating_sub(levels)].to_vec();
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([above(0), rest.to_vec()].concat()),
            "super" => {
                let levels = path.iter().take_while(|segment| *segment == "super").count();
                Some([above(levels), path[levels..].to_vec()].concat())
            }
            child if self.children.contains(child) => Some([above(0), path.to_vec()].concat()),
            _ => None,
        }
    }

    fn name(&mut self, path: &[String]) {
        self.module.paths.extend(self.absolute(path).filter(|path| !path.is_empty()));
    }

    /// Reads what a file names; what is for tests counts as not there.
    fn read(&mut self, words: &[String]) {
        let mut words = without_tests(words);
        // What is declared here is known before anything is imported from it.
        for declaration in words.windows(3).filter(|declaration| declaration[0] == "mod") {
            assert_eq!(declaration[2], ";", "the module {} needs a file of its own", declaration[1]);
            self.children.insert(declaration[1].clone());
        }
        // So that a path has a word before it and after it.
        words.insert(0, ";".to_owned());
        words.push(";".to_owned());
        let mut rest = words.as_slice();
        while let [before, word, after, ..] = rest {
            rest = &rest[1..];
            if word == "use" && after != "<" {
                rest = self.import(&rest[1..], &[]);
            } else if ["crate", "self", "super"].contains(&word.as_str()) && after == "::" && before != "::" {
                let length = rest.chunks(2).take_while(|pair| pair.get(1).is_some_and(|word| word == "::")).count();
                self.name(&rest.iter().step_by(2).take(length + 1).cloned().collect::<Vec<_>>());
            }
        }
    }

    /// Reads what is imported after the path `before`, and gives the words behind it.
    fn import<'a>(&mut self, words: &'a [String], before: &[String]) -> &'a [String] {
        let first = words[0].as_str();
        assert_ne!(first, "*", "{} imports everything of {}: name it", self.path.join("::"), before.join("::"));
        if first == "{" {
            let mut rest = &words[1..];
            while rest[0] != "}" {
                rest = self.import(rest, before);
                rest = if rest[0] == "," { &rest[1..] } else { rest };
            }
            return &rest[1..];
        }
        // `self` in a group is what stands before the group.
        let own = if first == "self" && !before.is_empty() { vec![] } else { vec![first.to_owned()] };
        let path = [before, &own].concat();
        if words[1] == "::" {
            return self.import(&words[2..], &path);
        }
        let (known_as, rest) =
            if words[1] == "as" { (&words[2], &words[3..]) } else { (path.last().unwrap(), &words[1..]) };
        self.name(&path);
        if let Some(absolute) = self.absolute(&path) {
            self.module.imports.insert(known_as.clone(), absolute);
        }
        rest
    }
}

/// The words of a source file: names, `::`, and every other sign by itself; no comments, no texts, no numbers.
fn words(source: &str) -> Vec<String> {
    let is_name = |character: &char| character.is_alphanumeric() || *character == '_';
    let mut words = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let name: String = rest.chars().take_while(is_name).collect();
        let after = &rest[name.len()..];
        let hashes = after.len() - after.trim_start_matches('#').len();
        let is_raw = ["r", "br", "cr"].contains(&name.as_str()) && after[hashes..].starts_with('"');
        rest = if is_raw {
            let end = format!("\"{}", "#".repeat(hashes));
            after_end(&after[hashes + 1..], &end)
        } else if !name.is_empty() {
            if !first.is_ascii_digit() {
                words.push(name);
            }
            after
        } else if rest.starts_with("//") {
            after_end(rest, "\n")
        } else if rest.starts_with("/*") {
            after_end(rest, "*/")
        } else if first == '"' {
            after_text(rest, '"')
        } else if first == '\'' {
            // A character, unless it is a lifetime, which no quote ends.
            let is_character = rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'');
            if is_character {
                after_text(rest, '\'')
            } else {
                rest[1..].trim_start_matches(|character| is_name(&character))
            }
        } else {
            let word = if rest.starts_with("::") { "::".to_owned() } else { first.to_string() };
            let after = &rest[word.len()..];
            if !first.is_whitespace() {
                words.push(word);
            }
            after
        };
    }
    words
}

/// What comes behind the first `end`.
fn after_end<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, after)| after)
}

/// What comes behind a text between quotes, in which a backslash takes its meaning from the sign after it.
fn after_text(text: &str, quote: char) -> &str {
    let mut characters = text[1..].chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            _ if character == quote => break,
            _ => {}
        }
    }
    characters.as_str()
}

/// The words without what `#[cfg(test)]` stands before: up to a semicolon or the end of a block.
fn without_tests(words: &[String]) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut rest = words;
    while let Some(word) = rest.first() {
        if rest.len() >= MARK.len() && rest.iter().zip(MARK).all(|(word, mark)| word == mark) {
            let mut depth = 0;
            let end = rest[MARK.len()..].iter().position(|word| {
                match word.as_str() {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => depth -= 1,
                    _ => {}
                }
                depth == 0 && [";", "}"].contains(&word.as_str())
            });
            rest = &rest[MARK.len() + end.unwrap() + 1..];
        } else {
            kept.push(word.clone());
            rest = &rest[1..];
        }
    }
    kept
}

#[test]
fn what_a_file_uses_is_found_wherever_it_stands() {
    let source = r##"
        use crate::{
            App, store::{self, Store as Tables},
            domain::Email,
        };
        pub use super::sessions::session_key;
        mod child;
        #[cfg(test)]
        mod tests { use crate::never; }
        /* crate::never */ // crate::never
        const TEXT: (&str, &str, char) = ("crate::never \"", r#"crate::never"#, '"');
        #[cfg(test)]
        fn of_tests(_: [u8; 2]) -> crate::never::Never { never() }
        fn f<'a>(x: &'a crate::error::Error) { log!("{}", crate::clock::now(super::sessions::X, 'x')) }
    "##;
    let path = vec!["accounts".to_owned(), "sign_in".to_owned()];
    let mut reader = Reader { path, children: BTreeSet::new(), module: Module::default() };
    reader.read(&words(source));
    let paths: Vec<_> = reader.module.paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        paths,
        [
            "App",
            "accounts::sessions::X",
            "accounts::sessions::session_key",
            "clock::now",
            "domain::Email",
            "error::Error",
            "store",
            "store::Store",
        ]
    );
    assert_eq!(reader.module.imports["Tables"], ["store", "Store"]);
    assert_eq!(reader.children, ["child".to_owned()].into());
}

fn shared() -> Crate {
    Crate::read(&root().join("shared/src/lib.rs"))
}

/// The layer of each module of `shared`, counted from the lowest, as `lib.rs` lists them.
fn layers() -> BTreeMap<String, usize> {
    let lib = fs::read_to_string(root().join("shared/src/lib.rs")).unwrap();
    let mut layer = 0;
    let mut layers = BTreeMap::new();
    for line in lib.lines() {
        match line.strip_prefix("pub mod ").and_then(|module| module.strip_suffix(';')) {
            Some(module) => drop(layers.insert(module.to_owned(), layer)),
            None => layer += 1,
        }
    }
    layers
}

#[test]
fn a_layer_uses_only_those_below_it() {
    let (shared, layers) = (shared(), layers());
    let top: BTreeSet<_> = shared.modules.keys().filter(|path| path.len() == 1).map(|path| path[0].clone()).collect();
    assert_eq!(layers.keys().cloned().collect::<BTreeSet<_>>(), top, "lib.rs declares its modules as `pub mod name;`");
    let wrong: Vec<_> = shared
        .uses()
        .into_iter()
        .filter_map(|(from, to, path)| {
            let (user, used) = (&from[0], &to[0]);
            let (anywhere, alone) = ANYWHERE;
            let is_allowed = match (user.as_str(), used.as_str()) {
                _ if user == used => true,
                (user, used) if user == anywhere => used == alone,
                (_, used) if used == anywhere => true,
                _ => layers[used] <= layers[user],
            };
            let file = shared.modules[&from].file.strip_prefix(root()).unwrap().display().to_string();
            (!is_allowed)
                .then(|| format!("{file} uses crate::{path}, which is of `{used}`: not below `{user}` in lib.rs"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let shared = shared();
    // Between the modules of one parent: what a parent and its own children use of each other is one thing in several files.
    let mut siblings: BTreeMap<ModulePath, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (from, to, _) in shared.uses() {
        let common = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
        if let (Some(user), Some(used)) = (from.get(common), to.get(common)) {
            let graph = siblings.entry(from[..common].to_vec()).or_default();
            graph.entry(user.clone()).or_default().insert(used.clone());
        }
    }
    let circles: Vec<_> = siblings
        .iter()
        .filter(|(parent, _)| !parent.first().is_some_and(|module| CIRCLES_WITHIN.contains(&module.as_str())))
        .filter_map(|(parent, graph)| {
            let circle = graph.keys().find_map(|module| circle(graph, &[module]))?;
            Some(format!("in crate::{}: {}", parent.join("::"), circle.join(" uses ")))
        })
        .collect();
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

/// A way through a graph that comes back to where it began.
fn circle(graph: &BTreeMap<String, BTreeSet<String>>, way: &[&String]) -> Option<Vec<String>> {
    let next = graph.get(*way.last()?).into_iter().flatten();
    next.into_iter().find_map(|module| {
        let further: Vec<_> = way.iter().copied().chain([module]).collect();
        if module == way[0] {
            Some(further.into_iter().cloned().collect())
        } else if way.contains(&module) {
            None
        } else {
            circle(graph, &further)
        }
    })
}

#[test]
fn no_file_of_shared_is_too_long_to_read() {
    for module in shared().modules.values() {
        let lines = fs::read_to_string(&module.file).unwrap().lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines, more than {MOST_LINES}: split it", module.file.display());
    }
}

#[test]
fn the_functions_do_not_need_the_local_stack() {
    let manifest: toml::Table = fs::read_to_string(root().join("functions/Cargo.toml")).unwrap().parse().unwrap();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let dependencies = manifest.get(section).and_then(toml::Value::as_table);
        assert!(dependencies.is_none_or(|table| !table.contains_key("infra")), "functions has infra in its {section}");
    }
}

#[test]
fn events_are_few_enough_to_know() {
    let folders = fs::read_dir(root().join("events")).unwrap().map(|folder| folder.unwrap().path());
    let events = folders.filter(|path| path.is_dir()).flat_map(|folder| fs::read_dir(folder).unwrap()).count();
    assert!(
        events < EVENTS,
        "events/ has {events} files; {EVENTS} are too many: make a row of infra/tests/endpoints/cases instead"
    );
}

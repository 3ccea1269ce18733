//! Password hashing beside the C reference implementation, which argon2-cffi brings to Python.

use std::{path::Path, process::Command};

use serde::Serialize;

use crate::{
    Result,
    programs::{repository, target},
    statistics::Summary,
};

/// The version of argon2-cffi that is held against.
const REFERENCE: &str = "argon2-cffi==25.1.0";

/// How often the two take turns.
const TURNS: usize = 4;

/// Milliseconds for a hash.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Hashing {
    pub(crate) ours: Summary,
    pub(crate) reference: Summary,
}

impl Hashing {
    /// Lets the two take turns, and counts only what each does after its first hash.
    pub(crate) fn measure(program: &Path) -> Result<Self> {
        let python = python()?;
        let script = repository().join("infra/benchmark/compare/hash/reference.py");
        let (mut ours, mut reference) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            ours.extend(times(&mut Command::new(program))?);
            reference.extend(times(Command::new(&python).arg(&script))?);
        }
        Ok(Self { ours: Summary::of(ours), reference: Summary::of(reference) })
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

/// A Python with the reference implementation, made under `target`.
fn python() -> Result<std::path::PathBuf> {
    let environment = target().join("benchmark").join("python");
    let python = environment.join("bin").join("python");
    if !python.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    done(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", REFERENCE]))?;
    Ok(python)
}

fn done(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

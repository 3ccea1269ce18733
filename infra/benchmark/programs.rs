//! The programs that are measured: built, found, and weighed.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use flate2::{Compression, write::DeflateEncoder};
use serde::Serialize;

use crate::Result;

/// Where the repository is.
pub(crate) fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// How programs are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Builder {
    /// By `cargo lambda`, as they are for a deployment.
    CargoLambda,
    /// By `cargo`, where `cargo lambda` is not installed.
    Cargo,
}

impl Builder {
    /// The best one there is.
    pub(crate) fn detect() -> Self {
        let output = Command::new("cargo").args(["lambda", "--version"]).stderr(Stdio::null()).output();
        if output.is_ok_and(|output| output.status.success()) { Self::CargoLambda } else { Self::Cargo }
    }

    /// Builds these functions, and what they are held against.
    pub(crate) fn build(self, functions: &[&str]) -> Result<()> {
        let root = repository();
        let mut arguments = vec!["--package", "functions"];
        arguments.extend(functions.iter().flat_map(|function| ["--bin", function]));
        self.cargo(&root, &arguments)?;
        // One by one: a crate that two of them need would otherwise get the features that either asks for.
        for package in ["empty", "naive-tasks-get", "hash"] {
            self.cargo(&root.join("infra/benchmark/compare"), &["--package", package])?;
        }
        Ok(())
    }

    fn cargo(self, directory: &Path, arguments: &[&str]) -> Result<()> {
        let subcommand: &[&str] = match self {
            Self::CargoLambda => &["lambda", "build", "--lambda-dir"],
            Self::Cargo => &["build", "--target-dir"],
        };
        let place = match self {
            Self::CargoLambda => target().join("lambda"),
            Self::Cargo => target(),
        };
        let status = Command::new("cargo")
            .args(subcommand)
            .arg(place)
            .args(["--release", "--locked"])
            .args(arguments)
            .env("CARGO_TARGET_DIR", target())
            .current_dir(directory)
            .status()?;
        if status.success() { Ok(()) } else { Err(format!("building in {} failed", directory.display()).into()) }
    }

    /// Where a program is.
    pub(crate) fn program(self, name: &str) -> PathBuf {
        match self {
            Self::CargoLambda => target().join("lambda").join(name).join("bootstrap"),
            Self::Cargo => target().join("release").join(name),
        }
    }
}

/// Where builds go.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}

/// The size of a program, in bytes.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Size {
    pub(crate) raw: u64,
    /// As in a deployment package.
    pub(crate) zipped: u64,
}

impl Size {
    pub(crate) fn of(program: &Path) -> Result<Self> {
        let bytes = fs::read(program).map_err(|error| format!("{} cannot be read: {error}", program.display()))?;
        let mut zip = DeflateEncoder::new(Vec::new(), Compression::default());
        zip.write_all(&bytes)?;
        Ok(Self { raw: u64::try_from(bytes.len())?, zipped: u64::try_from(zip.finish()?.len())? })
    }

    /// Of all files in a directory together.
    pub(crate) fn of_package(directory: &Path) -> Result<Self> {
        let mut size = Self { raw: 0, zipped: 0 };
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let part =
                if entry.file_type()?.is_dir() { Self::of_package(&entry.path())? } else { Self::of(&entry.path())? };
            size = Self { raw: size.raw + part.raw, zipped: size.zipped + part.zipped };
        }
        Ok(size)
    }
}

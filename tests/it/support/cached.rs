//! Folders that are made once and kept between test runs, such as an installed LiteLLM.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use etcetera::BaseStrategy;

/// The folder `kind` that belongs to these contents; `make` fills it where it is not there yet.
///
/// # Panics
///
/// Where it can't be made: a test that needs it must not pass.
pub(crate) fn folder(kind: &str, contents: &impl Hash, make: impl FnOnce(&Path)) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    let folder = home().join(format!("{kind}-{:016x}", hasher.finish()));
    fs::create_dir_all(home()).expect("a cache folder");
    // Another test run may want the same folder just now.
    let lock = File::create(folder.with_extension("lock")).expect("a lock file");
    lock.lock().expect("a lock");
    let complete = folder.join("complete");
    if !complete.exists() {
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("to remove a folder that was left half made");
        }
        fs::create_dir(&folder).expect("a folder");
        make(&folder);
        fs::write(complete, "").expect("a mark in the folder");
    }
    folder
}

/// Where the folders are: `litellm-ls-tests` in the user's cache folder.
fn home() -> PathBuf {
    etcetera::choose_base_strategy().expect("a home folder").cache_dir().join("litellm-ls-tests")
}

/// A Python environment with exactly the packages of a lock file.
pub(crate) fn python(kind: &str, lock: &Path) -> PathBuf {
    let contents = fs::read_to_string(lock).expect("a lock file");
    folder(kind, &contents, |folder| {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder));
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "-r",
        ];
        run(Command::new(interpreter(folder)).args(pip).arg(lock));
    })
}

/// The interpreter of a Python environment.
pub(crate) fn interpreter(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// Runs a command that must succeed, and returns what it printed.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} can't be run: {error}"));
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (printed, complaints) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?} failed: {}\n{printed}\n{complaints}", output.status);
    printed
}

//! A virtual environment with what stands for LiteLLM: `tests/cases/stub_litellm`.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use super::cached::{interpreter, run};

/// Makes one of this version in a folder, and returns the program `litellm` in it.
pub(crate) fn make(folder: &Path, version: &str) -> PathBuf {
    run(Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(folder));
    let find = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let packages = PathBuf::from(run(Command::new(interpreter(folder)).args(["-c", find])).trim());
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/stub_litellm");
    for name in ["litellm", "uvicorn", "fastapi", "litellm-1.99.0.dist-info"] {
        let of_version = name.replace("1.99.0", version);
        fs::create_dir(packages.join(&of_version)).expect("a folder");
        for file in fs::read_dir(cases.join(name)).expect("a folder").flatten() {
            if file.path().is_file() {
                fs::copy(file.path(), packages.join(&of_version).join(file.file_name())).expect("a copy");
            }
        }
    }
    let program = interpreter(folder).with_file_name("litellm");
    fs::write(&program, "").expect("a file");
    program
}

/// Makes a virtual environment the installation of a data folder.
pub(crate) fn install(venv: &Path, data: &Path) {
    fs::create_dir_all(data.join("litellm")).expect("a folder");
    symlink(venv, data.join("litellm/venv")).expect("a link");
    let lock = include_str!("../../../src/proxy/requirements.lock");
    fs::write(data.join("litellm/installed.lock"), lock).expect("a file");
}

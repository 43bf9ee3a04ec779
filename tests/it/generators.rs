//! What code generators of others make of the published schema: types that compile and take our messages.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    clients::node,
    support::cached::{self, run},
};

const PROTOCOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/protocol");
const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");

#[test]
#[cfg_attr(wine, ignore = "Wine has no Node.js")]
fn ajv_takes_the_schema_strictly_and_typescript_types_are_made_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let node = node();
    let printed = run(Command::new("node").arg(node.join("generators.mjs")).arg(PROTOCOL).arg(folder.path()));
    assert!(printed.contains(" examples, "), "{printed}");
    let compiler = node.join("node_modules/typescript/bin/tsc");
    let files = ["types.ts", "use.ts"].map(|name| folder.path().join(name));
    run(Command::new("node")
        .arg(compiler)
        .args(["--strict", "--noEmit", "--module", "nodenext"])
        .args(files));
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn python_models_are_made_of_the_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let lock = Path::new(CLIENTS).join("generators/requirements.lock");
    let environment = cached::python("generators", &lock);
    let models: PathBuf = folder.path().join("models.py");
    let python = || Command::new(cached::interpreter(&environment));
    run(python()
        .args(["-m", "datamodel_code_generator", "--input-file-type", "jsonschema"])
        .args(["--input", &format!("{PROTOCOL}/schema.json"), "--output"])
        .arg(&models)
        .args(["--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11"])
        .args(["--formatters", "builtin", "--disable-timestamp"]));
    let check = Path::new(CLIENTS).join("generators/check.py");
    let printed = run(python().arg("-B").arg(check).arg(PROTOCOL).arg(&models));
    assert!(printed.ends_with(" examples\n"), "{printed}");
}

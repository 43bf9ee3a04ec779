## Everyday commands of litellm-ls:

# What is packaged: by default the program that is published, for any Linux.
PROGRAM = target/dist-build/x86_64-unknown-linux-musl/dist/litellm-ls

.PHONY: help build try test lint bench generated ci install package package-test

## help       print this
help:
	@sed -n 's/^## \{0,1\}//p' $(MAKEFILE_LIST)

## build      build the program, optimised: target/release/litellm-ls
build:
	cargo build --release

## try        see it all work, with a demo proxy where there is none
try:
	cargo run --release -- try

## test       run all tests; installs what they need the first time
test:
	cargo test --workspace

## lint       check formats, lints, types of Lua, documentation, spelling and crates
lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --workspace
	scripts/lint/run

## bench      measure the server against a client that asks the proxy itself
bench:
	cargo bench --bench server

## generated  rewrite the schema, the reference and the TypeScript, Python and Lua types
generated:
	cargo test -p litellm-ls-protocol --test generated || cargo test -p litellm-ls-protocol --test generated

## package    make all that people install, in target/package; PROGRAM=target/debug/litellm-ls takes that one
package: $(PROGRAM)
	[ -d editors/vscode/node_modules ] || npm ci --prefix editors/vscode --no-audit --no-fund --ignore-scripts
	rm -rf target/package
	python3 scripts/package $(PROGRAM) target/package $(PACKAGE_OPTIONS)

target/dist-build/%/dist/litellm-ls: FORCE
	scripts/build_dist $*

FORCE:

## package-test install, use and uninstall each package, by the lines of docs/install.md
package-test:
	python3 tests/packages.py target/package

## ci         check everything, as on a clean machine
ci:
	.ci/run

## install    put litellm-ls on your PATH
install:
	cargo install --locked --path .

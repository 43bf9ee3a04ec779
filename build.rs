//! How the program is linked.

/// On Linux the program is loaded to one place, as the static one that is published is (`scripts/build_dist`): otherwise the
/// loader writes some 20,000 addresses at each start, which takes 0.1 ms, and 1.6 MiB of memory that each process has for
/// itself. Libraries, heap and stack are at random places all the same.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(name).unwrap_or_default();
    if target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

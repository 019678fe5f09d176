// Compiles checksum.c to bitcode and start.s to an object, for the same link.
use std::{env, process::Command};

fn main() {
    let out = env::var("OUT_DIR").unwrap();
    let clang = env::var("CLANG").unwrap_or("clang-22".into());
    for (source, flags) in [("c/checksum.c", "-flto=thin"), ("c/twice.s", "-O2")] {
        let object = format!("{out}/{}.o", source.replace('/', "-"));
        let done = Command::new(&clang)
            .args(["--target=x86_64-unknown-linux-gnu", "-O2", flags, "-c", source, "-o", &object])
            .status();
        assert!(done.unwrap().success());
        println!("cargo:rustc-link-arg={object}");
        println!("cargo:rerun-if-changed={source}");
    }
    println!("cargo:rerun-if-changed=policy.yaml");
    println!("cargo:rerun-if-env-changed=CLANG");
}

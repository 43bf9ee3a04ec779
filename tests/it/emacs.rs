//! A stock Emacs with eglot against the real proxy: what a user does with it, read back from its buffers.

use std::{fs, process::Command};

use super::support::{
    blocking, editors,
    real_proxy::{MASTER_KEY, RealProxy},
};

/// What the page tells its readers to load.
const SNIPPET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/emacs/litellm.el");

#[tokio::test]
async fn a_session_in_emacs() {
    let proxy = RealProxy::shared().await;
    blocking(|| {
        let home = tempfile::tempdir().expect("a folder");
        let programs = home.path().join("bin");
        fs::create_dir(&programs).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_litellm-ls"), programs.join("litellm-ls"))
            .expect("a link to the server");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut emacs = Command::new(editors::folder("emacs").join("bin/emacs"));
        emacs.args(["--batch", "-Q", "-l", SNIPPET, "-l", "emacs/session.el"]).env_clear().envs([
            ("HOME", home.path().to_str().expect("a name in UTF-8")),
            ("PATH", &format!("{}:{path}", programs.display())),
            ("LC_ALL", "C.UTF-8"),
            ("LITELLM_BASE_URL", &proxy.url),
            ("LITELLM_API_KEY", MASTER_KEY),
        ]);
        editors::drive(&mut emacs);
    })
    .await;
    // What was cancelled is closed up to the vendor.
    let request = proxy.upstream_request("hang in Emacs").await;
    proxy.upstream_hung_up(&request).await;
}

//! A stock Helix against the real proxy: what a user does with it, read back from its screen.

use std::process::Command;

use super::support::{
    blocking, editors,
    real_proxy::{self, MASTER_KEY, RealProxy},
};

#[tokio::test]
async fn a_session_in_helix() {
    let proxy = RealProxy::shared().await;
    blocking(|| {
        let helix = editors::folder("hx").join("bin/hx");
        editors::drive(Command::new("python3").arg("helix/session.py").arg(helix).args([
            env!("CARGO_BIN_EXE_litellm-ls"),
            &proxy.url,
            MASTER_KEY,
        ]));
    })
    .await;
    // What the editor left behind when it was killed is closed up to the vendor.
    let request = proxy.upstream_request("hang here").await;
    proxy.upstream_hung_up(&request).await;
}

#[tokio::test]
async fn from_an_empty_folder_to_an_answer_of_an_own_proxy_in_helix() {
    blocking(|| {
        let helix = editors::folder("hx").join("bin/hx");
        let data = real_proxy::data_folder();
        editors::drive(
            Command::new("python3")
                .arg("helix/own_proxy.py")
                .arg(helix)
                .arg(env!("CARGO_BIN_EXE_litellm-ls"))
                .arg(data.path())
                .arg(real_proxy::MISSPELT),
        );
    })
    .await;
}

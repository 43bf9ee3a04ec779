//! From nothing to a first answer: no more steps than these, each named by a page, and none that is not.

use std::process::Command;

use super::support::{
    blocking, editors,
    real_proxy::{MASTER_KEY, RealProxy},
    user::User,
};

/// An editor, the folder and the name of its program, and the most steps that it may take.
const EDITORS: [(&str, &str, &str, usize); 3] =
    [("neovim", "nvim", "bin/nvim", 2), ("helix", "hx", "bin/hx", 2), ("emacs", "emacs", "bin/emacs", 2)];

#[tokio::test]
async fn an_editor_answers_after_the_steps_of_its_page() {
    let proxy = RealProxy::shared().await;
    for (editor, folder, program, most) in EDITORS {
        let url = proxy.url.clone();
        let said = blocking(move || {
            let program = editors::folder(folder).join(program);
            let server = env!("CARGO_BIN_EXE_litellm-ls");
            let mut script = Command::new("python3");
            script.arg("first_answer.py").arg(editor).arg(program).args([server, &url, MASTER_KEY]);
            editors::driven(&mut script)
        })
        .await;
        assert!(said.ends_with(&format!("an answer after {most} steps\n")), "{editor}: {said}");
    }
}

/// One step: the command ends on the answer and its cost.
#[tokio::test]
async fn the_terminal_answers_after_one_step() {
    let mut user = User::of_real_proxy().await;
    user.variables = vec![("LITELLM_MODEL", "plain".into())];
    let tried = user.run(&["try"]).await;
    assert_eq!(tried.code, 0, "{tried:?}");
    let (_, end) = tried.out.split_once("› ").expect("the question");
    assert!(end.contains("\n\nHello from the mock.\n[plain · "), "{end}");
}

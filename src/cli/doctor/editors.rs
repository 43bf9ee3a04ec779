//! Which program each editor will start, as far as its files and the `PATH` tell: nothing of an editor is run.

mod emacs;
mod helix;
mod kakoune;
mod neovim;
mod vscode;
mod zed;

use std::path::{Path, PathBuf};

use litellm_ls_protocol::Outcome;

use super::{
    finding::{ABSENT, Finding, path},
    places::Places,
    programs::{NAME, NoVersion, Programs, VERSION, age, is_program, numbers},
    written::Said,
};

/// An editor that is looked for.
struct Editor {
    name: &'static str,
    title: &'static str,
    /// What its program is called, where it need not have files yet.
    program: &'static str,
    look: fn(&Places) -> Setup,
}

const EDITORS: [Editor; 11] = [
    Editor {
        name: "vscode",
        title: "VS Code",
        program: "code",
        look: |places| vscode::desktop(places, "Code", ".vscode"),
    },
    Editor {
        name: "vscode-insiders",
        title: "Insiders",
        program: "code-insiders",
        look: |places| vscode::desktop(places, "Code - Insiders", ".vscode-insiders"),
    },
    Editor {
        name: "vscodium",
        title: "VSCodium",
        program: "codium",
        look: |places| vscode::desktop(places, "VSCodium", ".vscode-oss"),
    },
    Editor {
        name: "cursor",
        title: "Cursor",
        program: "cursor",
        look: |places| vscode::desktop(places, "Cursor", ".cursor"),
    },
    Editor { name: "vscode-remote", title: "VS Code ssh", program: "", look: vscode::remote },
    Editor { name: "code-server", title: "code-server", program: "code-server", look: vscode::code_server },
    Editor { name: "neovim", title: "Neovim", program: "nvim", look: neovim::look },
    Editor { name: "helix", title: "Helix", program: "hx", look: helix::look },
    Editor { name: "emacs", title: "Emacs", program: "emacs", look: emacs::look },
    Editor { name: "zed", title: "Zed", program: "zed", look: zed::look },
    Editor { name: "kakoune", title: "Kakoune", program: "kak", look: kakoune::look },
];

/// What the files of an editor say of this server.
enum Setup {
    /// There are no such files.
    Absent,
    /// Nothing.
    Without,
    /// It is started: the ways to the program in the editor's order, and the version of what starts it, where that has one.
    Starts(Vec<Way>, Option<String>),
    /// Something that can't work, and what to do.
    Wrong(String, String),
}

/// How an editor comes to the program.
enum Way {
    /// A setting in a file says which: a path, or a name on the `PATH`. No other way is tried after it.
    Setting {
        setting: &'static str,
        file: PathBuf,
        said: Said,
    },
    /// It lies beside what starts it.
    Beside(PathBuf),
    Path,
}

impl Way {
    /// The way that a setting is, where it is said.
    fn set(setting: &'static str, file: &Path, said: Option<Said>) -> Option<Self> {
        Some(Self::Setting { setting, file: file.to_owned(), said: said? })
    }
}

/// What every editor will start.
pub(super) async fn findings(places: &Places, programs: &mut Programs) -> Vec<Finding> {
    let mut findings = Vec::new();
    for editor in &EDITORS {
        findings.push(editor.finding((editor.look)(places), places, programs).await);
    }
    findings
}

impl Editor {
    fn says(&self, outcome: Outcome, message: impl Into<String>) -> Finding {
        Finding::new(self.name, self.title, outcome, message.into())
    }

    async fn finding(&self, setup: Setup, places: &Places, programs: &mut Programs) -> Finding {
        let (ways, extension) = match setup {
            Setup::Absent if programs.on_path(self.program).is_none() => {
                return self.says(Outcome::Skipped, ABSENT);
            }
            Setup::Absent | Setup::Without => {
                return self.says(Outcome::Skipped, "not set up: nothing in its settings names litellm-ls");
            }
            Setup::Wrong(message, remedy) => return self.says(Outcome::Warning, message).with_remedy(remedy),
            Setup::Starts(ways, extension) => (ways, extension),
        };
        for way in &ways {
            let program = match way {
                Way::Setting { setting, file, said: Said::Computed } => {
                    let message =
                        format!("`{setting}` is computed in {}, so the editor alone knows", path(file));
                    return self.says(Outcome::Skipped, message);
                }
                Way::Setting { setting, file, said: Said::Literal(said) } => {
                    let Some(program) = named(said, places, programs) else {
                        let message = format!(
                            "`{setting}` in {} names {}, and there is no such program",
                            path(file),
                            path(said.as_ref())
                        );
                        return self
                            .says(Outcome::Failed, message)
                            .with_remedy(format!("correct `{setting}`, or take it out of {}", path(file)));
                    };
                    Some(program)
                }
                Way::Beside(program) => Some(program.clone()).filter(|program| is_program(program)),
                Way::Path => programs.on_path(NAME),
            };
            if let Some(program) = program {
                return self.starts(&program, way, extension.as_deref(), programs).await;
            }
        }
        self.says(Outcome::Failed, "set up, but there is no litellm-ls on the PATH")
            .with_remedy(format!("put {} on the PATH, or install litellm-ls", programs.own_folder()))
    }

    /// A program that is started.
    async fn starts(
        &self,
        program: &Path,
        way: &Way,
        extension: Option<&str>,
        programs: &mut Programs,
    ) -> Finding {
        let shown = path(program);
        let version = match programs.version(program).await {
            Ok(version) => version,
            Err(reason) => return self.unknown(program, reason),
        };
        let finding =
            |outcome, message: String| self.says(outcome, message).of_program(program, Some(&version));
        if let Some(extension) = extension.filter(|extension| numbers(extension) != numbers(&version)) {
            return finding(
                Outcome::Warning,
                format!("starts {shown} {version}, and the extension is {extension}"),
            )
            .with_remedy(format!("install {NAME} {extension}, or an extension of version {version}"));
        }
        let by = match way {
            Way::Setting { setting, file, .. } => format!(", by `{setting}` in {}", path(file)),
            Way::Beside(_) | Way::Path => String::new(),
        };
        let Some(age) = age(&version) else {
            return finding(Outcome::Ok, format!("starts {shown} {version}{by}"));
        };
        finding(
            Outcome::Warning,
            format!("starts {shown} {version}, {age} than this program ({VERSION}){by}"),
        )
        .with_remedy(match way {
            // A name alone is looked for on the PATH.
            Way::Setting { said: Said::Literal(said), .. } if said == NAME => programs.before(program),
            Way::Setting { setting, .. } => format!("let `{setting}` name {}", own(programs)),
            Way::Beside(_) => "install both from the same release".to_owned(),
            Way::Path => programs.before(program),
        })
    }

    /// A program that is started, and does not say its version.
    fn unknown(&self, program: &Path, reason: NoVersion) -> Finding {
        let shown = path(program);
        let finding = |outcome, message| self.says(outcome, message).of_program(program, None);
        let remedy = format!("run {shown} --version and mend what it says, or install {NAME} anew");
        match reason {
            NoVersion::NotRun => {
                finding(Outcome::Skipped, format!("starts {shown}, which has another name and is not asked"))
            }
            NoVersion::Slow => {
                finding(Outcome::Failed, format!("starts {shown}, which does not answer")).with_remedy(remedy)
            }
            NoVersion::Other => {
                finding(Outcome::Failed, format!("starts {shown}, which does not say that it is {NAME}"))
                    .with_remedy(remedy)
            }
        }
    }
}

/// The program that a setting names.
fn named(said: &str, places: &Places, programs: &Programs) -> Option<PathBuf> {
    let whole = places.whole(said);
    // A name alone is looked for on the PATH.
    if whole.components().count() == 1 {
        return programs.on_path(said);
    }
    // Where a path that is not whole counts from, differs from editor to editor.
    whole.is_absolute().then_some(whole).filter(|file| is_program(file))
}

fn own(programs: &Programs) -> String {
    programs.own.as_deref().map_or_else(|| NAME.to_owned(), path)
}

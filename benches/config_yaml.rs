//! How long a whole look at a configuration of 300 deployments takes, and a proposal in it.

use std::{
    collections::BTreeSet,
    path::Path,
    time::{Duration, Instant},
};

use litellm_ls::config_yaml::{Disk, Project, Surroundings, check, suggest};

/// How often each is done.
const RUNS: usize = 200;

/// Some 2,100 lines with all that is looked at: groups, fallbacks, aliases, references, prices.
fn text() -> String {
    let mut text = "model_list:\n".to_owned();
    for number in 0..300 {
        let model =
            ["openai/gpt-4o", "anthropic/claude-sonnet-4-5", "azure/team-gpt", "gemini/gemini-2.5-pro"]
                [number % 4];
        text += &format!(
            "  - model_name: model-{number}\n    litellm_params:\n      model: {model}\n      api_key: os.environ/KEY_{}\n      rpm: {number}\n    model_info:\n      id: id-{number}\n",
            number % 7
        );
    }
    text += "router_settings:\n  fallbacks:\n";
    for number in 0..40 {
        text += &format!("    - model-{number}: [model-{}, model-{}]\n", number + 1, number + 2);
    }
    text + "litellm_settings:\n  drop_params: true\ngeneral_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n"
}

fn median(what: &str, mut one: impl FnMut()) {
    one();
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            one();
            begun.elapsed()
        })
        .collect();
    times.sort();
    let say = |at: usize| times[at].as_secs_f64() * 1e3;
    eprintln!("{what}: median {:.2} ms, 99 of 100 below {:.2} ms", say(RUNS / 2), say(RUNS * 99 / 100));
}

fn main() {
    let text = text();
    let (path, names) = (Path::new("config.yaml"), BTreeSet::new());
    let variable = |_: &str| Some("value".to_owned());
    let around = Surroundings {
        variable: &variable,
        names: &names,
        files: &Disk,
        today: "2026-11-22".to_owned(),
        release: None,
    };
    eprintln!("{} lines, {} bytes", text.lines().count(), text.len());
    let begun = Instant::now();
    let found = check(&Project::read(path, &text, &Disk), &around).len();
    eprintln!(
        "the first look, with the tables: {:.2} ms; {found} findings",
        begun.elapsed().as_secs_f64() * 1e3
    );
    median("reading", || drop(Project::read(path, &text, &Disk)));
    median("a whole look, as after each keystroke", || {
        drop(check(&Project::read(path, &text, &Disk), &around))
    });
    let faulty = text.replace(
        "      rpm: ",
        "      mode: chat\n      support_vision: true\n      max_tokns: 1\n      rpm: x",
    );
    median("fixes of the first of 1,000 faults", || {
        let project = Project::read(path, &faulty, &Disk);
        let mut found = check(&project, &around);
        found.truncate(project.affordable_fixes());
        let fixes = found.iter().flat_map(|finding| &finding.fixes);
        std::hint::black_box(fixes.filter_map(|fix| fix.edits.safe_in(&project)).count());
    });
    let project = Project::read(path, &text, &Disk);
    let offset = text.find("openai/gpt").unwrap_or(0) + 7;
    median("a proposal of models", || drop(suggest(&project, &around, 0, offset)));
}

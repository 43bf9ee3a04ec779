//! Files that include each other.

use super::*;
#[cfg(target_os = "linux")]
use crate::config_yaml::files::Disk;

/// Files by name, all in one folder.
struct Made(&'static [(&'static str, &'static str)]);

impl Files for Made {
    fn read(&self, path: &Path) -> Option<String> {
        let wanted = plain(path);
        self.0.iter().find(|(name, _)| Path::new(name) == wanted).map(|(_, text)| (*text).to_owned())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.read(path).is_some()
    }

    fn yaml_names(&self, _: &Path) -> Vec<PathBuf> {
        self.0.iter().map(|(name, _)| PathBuf::from(name)).collect()
    }
}

fn read(files: &'static [(&'static str, &'static str)]) -> Project {
    let (name, text) = files[0];
    Project::read(Path::new(name), text, &Made(files))
}

/// What is found: the file's name, the text at fault, and the first words.
fn found(project: &Project) -> Vec<(String, String, String)> {
    let told = |finding: &Finding| {
        let source = &project.sources[finding.file];
        let name = source.path.to_string_lossy().into_owned();
        let words = finding.message.split(':').next().unwrap_or_default().to_owned();
        (name, source.text()[finding.range.clone()].to_owned(), words)
    };
    project.findings.iter().map(told).collect()
}

#[test]
fn circles_are_told_where_they_close() {
    for (files, circles) in [
        (&[("a.yaml", "include: [a.yaml]")][..], &[("a.yaml", "a.yaml")][..]),
        (&[("a.yaml", "include: [b.yaml]"), ("b.yaml", "include: [./a.yaml]")], &[("b.yaml", "./a.yaml")]),
        (
            &[
                ("a.yaml", "include: [b.yaml]"),
                ("b.yaml", "include: [c.yaml]"),
                ("c.yaml", "include: [b.yaml]"),
            ],
            &[("c.yaml", "b.yaml")],
        ),
        // However often, and in whatever order, one file is included: that is no circle.
        (
            &[
                ("a.yaml", "include: [b.yaml, c.yaml, b.yaml]"),
                ("b.yaml", "include: [c.yaml]"),
                ("c.yaml", "x-a: 1"),
            ],
            &[],
        ),
        (
            &[
                ("a.yaml", "include: [c.yaml, b.yaml]"),
                ("b.yaml", "include: [c.yaml]"),
                ("c.yaml", "include: [b.yaml]"),
            ],
            &[("b.yaml", "c.yaml")],
        ),
    ] {
        let told = found(&read(files));
        let told: Vec<(&str, &str)> =
            told.iter().map(|(file, text, _)| (file.as_str(), text.as_str())).collect();
        assert_eq!(told, circles, "{files:?}");
    }
}

#[test]
fn what_an_included_file_includes_comes_behind_the_rest() {
    let files = &[
        ("a.yaml", "include: [b.yaml, d.yaml]\nmodel_list: [a]\nlitellm_settings: {x: a}"),
        ("b.yaml", "include: [c.yaml]\nmodel_list: [b]\nlitellm_settings: {x: b}"),
        ("c.yaml", "model_list: [c]\nlitellm_settings: {x: c}"),
        ("d.yaml", "model_list: [d]\nlitellm_settings: {x: d}"),
    ];
    let project = read(files);
    let top = |name: &str| project.top.iter().find(|top| top.name == name).unwrap();
    let text = |place: &Place| {
        &project.sources[place.file].text()[project.sources[place.file].tree.span(place.node)]
    };
    assert_eq!(top("model_list").values.iter().map(text).collect::<Vec<_>>(), ["[a]", "[b]", "[d]", "[c]"]);
    assert_eq!(text(&top("litellm_settings").values[0]), "{x: c}");
    // Each block that another takes the place of is lost.
    let lost: Vec<String> = found(&project).into_iter().map(|(file, ..)| file).collect();
    assert_eq!(lost, ["a.yaml", "b.yaml", "d.yaml"]);
}

#[test]
fn a_missing_file_is_told_with_the_one_that_is_meant() {
    let files = &[("a.yaml", "include: [modles.yaml]"), ("models.yaml", "")];
    let project = read(files);
    assert_eq!(project.findings[0].fixes[0].edits.safe_in(&project).unwrap()[0].text, "models.yaml");
    assert_eq!(project.asked().len(), 1, "{:?}", project.asked());
}

/// What is no file is told as one that is missing; lines of a file of the system stand in no report.
#[cfg(target_os = "linux")]
#[test]
fn an_included_thing_that_is_no_file_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, target) in [("environ", "/proc/self/environ"), ("null", "/dev/null")] {
        std::os::unix::fs::symlink(target, at(name)).unwrap();
    }
    std::fs::create_dir(at("folder")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    for (name, is_file) in [("environ", true), ("null", false), ("folder", false), ("socket", false)] {
        let project = Project::read(&at("config.yaml"), &format!("include: [{name}]"), &Disk);
        let told: Vec<&str> = project.findings.iter().map(|finding| finding.message.as_str()).collect();
        let missing = format!("The included file `{name}` cannot be read; LiteLLM does not start.");
        let expected: &[&str] = if is_file { &[] } else { &[&missing] };
        assert_eq!(told, expected, "{name}");
    }
}

//! Which files hold secrets, by their names: they don't go out by themselves.

/// What secrets are kept in. A name with a `/` at its end is a folder with all that is in it.
const PATTERNS: [&str; 175] = [
    ".env*",
    "*.env",
    "*.envrc",
    "id_*",
    "*.pem",
    "*.key",
    "*.ppk",
    "*.p8",
    "*.pk8",
    "*.p12",
    "*.pfx",
    "*.pkcs12",
    "*.jks",
    "*.jceks",
    "*.bks",
    "*.keystore",
    "*.keychain*",
    "*.gpg",
    "*.pgp",
    "*.asc",
    "*.age",
    "*credentials*",
    "*credential.json",
    "*.tfvars",
    "*.tfvars.json",
    "*.tfstate*",
    "*kubeconfig*",
    "*.kubecfg",
    ".kube/",
    ".netrc*",
    "_netrc",
    ".authinfo*",
    ".pgpass*",
    "pgpass.conf",
    ".my.cnf",
    ".mylogin.cnf",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pypirc",
    ".gem/",
    ".m2/settings*.xml",
    "gradle.properties",
    "nuget.config",
    ".renviron*",
    "pip.conf",
    "pip.ini",
    ".databrickscfg",
    ".snowsql/",
    "kaggle.json",
    "sftp.json",
    ".ftpconfig",
    "sitemanager.xml",
    "winscp.ini",
    ".lftprc",
    ".dockercfg",
    ".docker/config.json",
    "auth.json",
    ".git-credentials",
    "gh/hosts.yml",
    "glab-cli/config.yml",
    ".ssh/",
    ".gnupg/",
    ".aws/",
    ".azure/",
    "gcloud/",
    ".oci/",
    ".s3cfg",
    ".boto",
    "*service-account*.json",
    "*service_account*.json",
    "*serviceaccount*.json",
    ".terraformrc",
    "terraform.rc",
    ".vault-token",
    "*vault-pass*",
    "*vault_pass*",
    "*vault-password*",
    "secrets.*",
    ".secrets*",
    "*.secret",
    "*.secrets",
    "*.kdb",
    "*.kdbx",
    "*.psafe3",
    "*.opvault/",
    "*.agilekeychain/",
    ".password-store/",
    ".passwd*",
    "*.htpasswd",
    "etc/shadow*",
    "etc/gshadow*",
    "ssh_host_*_key",
    "*.keytab",
    "client_secret*.json",
    "*.ovpn",
    "*.rdp",
    ".msmtprc",
    ".fetchmailrc",
    "key4.db",
    "logins.json",
    "passwords*",
    "*secret.yaml",
    "*secret.yml",
    "*secrets.yaml",
    "*secrets.yml",
    "litellm-ls/settings.toml",
    "master-key",
    "master_key",
    ".*api_key*",
    ".token",
    "*.token",
    ".dev.vars*",
    "local.settings.json",
    "*adminsdk*.json",
    "rclone.conf",
    "wpa_supplicant*.conf",
    "*.nmconnection",
    ".claude.json",
    "*.shada",
    ".viminfo*",
    "_viminfo",
    "env.dev*",
    "env.local*",
    "env.prod*",
    "env.staging*",
    "env.test",
    "*password.txt",
    "*passwords.txt",
    "*token.txt",
    "*tokens.txt",
    "token.json",
    "*apikey.txt",
    "*api-key.txt",
    "*api_key.txt",
    "api_key",
    "apikey",
    "*secret.json",
    "*secrets.json",
    "*secret.txt",
    "*secrets.txt",
    "*secret.toml",
    "*-key.json",
    "*_key.json",
    "vault.yml",
    "vault.yaml",
    "wg*.conf",
    "wireguard/",
    "sops/age/",
    ".config/hub",
    "auth.toml",
    "oauth.json",
    "oauth_creds.json",
    ".pg_service.conf",
    "pg_service.conf",
    "kubernetes/admin.conf",
    "kubernetes/super-admin.conf",
    "google-services.json",
    "googleservice-info.plist",
    "wp-config*.php",
    "appsettings.*.json",
    "keystore.properties",
    "local.properties",
    ".irssi/config",
    "mcp.json",
    ".mcp.json",
    "claude_desktop_config.json",
    "code/user/settings.json",
    "run/secrets/",
    "run/credentials/",
    ".*_history",
    "fish_history",
    "consolehost_history.txt",
    ".histfile",
    ".*_hist",
];
/// Where Linux tells of its processes: their environments, which hold keys, their arguments and their memory.
const PROCESSES: &str = "/proc/";
/// What is put behind the name of a file to keep a copy of it, by editors, systems and people.
const COPIES: [&str; 22] = [
    "~",
    ".bak",
    ".backup",
    ".copy",
    ".old",
    ".orig",
    ".save",
    ".new",
    ".tmp",
    ".temp",
    ".prev",
    ".rej",
    ".un",
    ".kate-swp",
    ".dpkg-old",
    ".dpkg-dist",
    ".rpmsave",
    ".rpmnew",
    "___jb_tmp___",
    "___jb_old___",
    " - copy",
    " copy",
];
/// How many names a copy is looked up by.
const MOST: usize = 20;

/// The pattern by which a file holds secrets. None where it may go out. The user's patterns come behind the built-in
/// ones: the last that fits decides, and one behind `!` says that the file holds none.
pub fn secret_pattern(path: &str, patterns: &[String]) -> Option<String> {
    let paths = originals(&plain(path));
    if let Some((is_secret, pattern)) = by_user(&paths, patterns) {
        return is_secret.then(|| pattern.to_owned());
    }
    let is_of_process = paths[0].starts_with(PROCESSES).then_some(PROCESSES);
    let fits = |pattern: &&str| paths.iter().any(|path| fits(pattern, path));
    is_of_process.or_else(|| PATTERNS.into_iter().find(fits)).map(str::to_owned)
}

/// Whether the user's patterns say that a file holds none.
pub fn is_cleared(path: &str, patterns: &[String]) -> bool {
    by_user(&originals(&plain(path)), patterns).is_some_and(|(is_secret, _)| !is_secret)
}

/// What the user's patterns say of a file, and which says it. None where none fits.
fn by_user<'a>(paths: &[String], patterns: &'a [String]) -> Option<(bool, &'a str)> {
    let fits = |pattern: &str| {
        let pattern = pattern.to_lowercase();
        paths.iter().any(|path| fits(&pattern, path))
    };
    patterns.iter().rev().find_map(|pattern| match pattern.strip_prefix('!') {
        Some(harmless) => fits(harmless).then_some((false, harmless)),
        None => fits(pattern).then_some((true, pattern.as_str())),
    })
}

/// A path in small letters without `.`, `..` and empty parts.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/")).to_lowercase()
}

/// The path, and those that it may be a copy of: names as editors and people give them to copies, autosaves, swap files
/// and states of a file in Git.
fn originals(path: &str) -> Vec<String> {
    let mut paths = vec![path.to_owned()];
    let mut at = 0;
    while at < paths.len().min(MOST) {
        let (folder, name) =
            paths[at].rsplit_once('/').map_or(("", &*paths[at]), |(folder, name)| (folder, name));
        let in_folder = |name: &str| {
            if folder.is_empty() && !paths[at].starts_with('/') {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        };
        let mut new: Vec<String> = copied(name, at > 0).into_iter().map(in_folder).collect();
        // Vim and Emacs keep the whole path in such a name.
        new.extend(
            ['%', '!']
                .into_iter()
                .filter(|mark| name.contains(*mark))
                .map(|mark| plain(&name.replace(mark, "/"))),
        );
        at += 1;
        for path in new {
            if !path.is_empty() && !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

/// What a file of this name may be a copy of.
fn copied(name: &str, is_copy: bool) -> Vec<&str> {
    let digits =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b"-_".contains(&b));
    let mut found: Vec<&str> = COPIES.iter().filter_map(|copy| name.strip_suffix(copy)).collect();
    let around = [("#", "#"), (".#", ""), ("~$", ""), (".~lock.", "#")];
    found
        .extend(around.iter().filter_map(|(before, behind)| name.strip_prefix(before)?.strip_suffix(behind)));
    if let Some((rest, end)) = name.rsplit_once('.') {
        let is_swap = end.len() == 3 && end.starts_with("sw");
        // `a.~1~` and `a.~HEAD~`
        let is_state = end.len() > 1 && end.starts_with('~') && end.ends_with('~');
        found.extend((is_swap || is_state || digits(end)).then_some(rest));
    }
    if let Some((rest, end)) = name.strip_suffix(')').and_then(|name| name.rsplit_once(" (")) {
        found.extend((digits(end) || end.contains("copy")).then_some(rest));
    }
    // A state of a file in Git: `HEAD:a`, `:0:a`.
    found.extend(name.rsplit_once(':').map(|(_, name)| name));
    if is_copy {
        found.extend(name.strip_prefix('.'));
    }
    found
}

/// Whether a pattern, in small letters, fits the end of a path: its file, or as many parts as the pattern has; or one of
/// its folders.
fn fits(pattern: &str, path: &str) -> bool {
    let parts = |text: &str| text.bytes().filter(|byte| *byte == b'/').count() + 1;
    let pattern = pattern.trim().trim_start_matches('/');
    if let Some(folder) = pattern.strip_suffix('/') {
        let depth = parts(folder);
        let Some((folders, _)) = path.rsplit_once('/') else { return false };
        let begins = std::iter::once(0).chain(folders.match_indices('/').map(|(at, _)| at + 1));
        return begins
            .filter_map(|begin| first_parts(&folders[begin..], depth))
            .any(|folders| matches(folder, folders));
    }
    last_parts(path, parts(pattern)).is_some_and(|end| matches(pattern, end))
}

/// As many parts of a path, from its beginning on. None where it has fewer.
fn first_parts(path: &str, count: usize) -> Option<&str> {
    let mut ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.nth(count - 1).map(|end| &path[..end])
}

/// As many parts of a path, before its end. None where it has fewer.
fn last_parts(path: &str, count: usize) -> Option<&str> {
    let mut begins = path.rmatch_indices('/').map(|(at, _)| at + 1).chain([0]);
    begins.nth(count - 1).map(|begin| &path[begin..])
}

/// Whether a text is what a pattern says, in which `*` stands for any letters and `?` for one.
fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Where to go on from when what follows the last star does not fit: it takes one letter more then.
    let mut star = None;
    loop {
        #[cfg(test)]
        tests::STEPS.set(tests::STEPS.get() + 1);
        let (mut next, mut rest) = (pattern.clone(), text.clone());
        let Some(letter) = rest.next() else { break };
        match next.next() {
            Some('*') => {
                star = Some((next.clone(), text.clone()));
                pattern = next;
            }
            Some(wanted) if wanted == letter || wanted == '?' => (pattern, text) = (next, rest),
            _ => {
                let Some((behind, taken)) = &mut star else { return false };
                taken.next();
                (pattern, text) = (behind.clone(), taken.clone());
            }
        }
    }
    pattern.all(|letter| letter == '*')
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::assist::files_told;

    thread_local! {
        /// How many letters were compared.
        pub(super) static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    /// What it costs to look through the files that a text tells of grows with the text at most, and not at all where the
    /// text names the same ones again.
    #[test]
    fn a_text_twice_as_long_costs_twice_as_much_at_most() {
        let steps = |text: &str| {
            STEPS.set(0);
            assert!(
                files_told(text).iter().all(|file| secret_pattern(file, &["!*.md".to_owned()]).is_none())
            );
            STEPS.get()
        };
        for line in [
            "diff --git a/x b/x\n",
            "--- a/x\n+++ b/x\n",
            "*** a\n--- b\n",
            "Index: x\n====\n",
            "==> x <==\n",
            "m x\n@@ -1 +1 @@\n",
            "diff x y\n1c1\n",
            "text\n",
        ] {
            let [few, many] = [100, 200].map(|times| steps(&line.repeat(times)));
            assert_eq!(few, many, "{line}");
        }
        let distinct = |count: usize| {
            (0..count).map(|number| format!("*** Add File: {number:06}\n")).collect::<String>()
        };
        let [few, many] = [100, 200].map(|count| steps(&distinct(count)));
        assert!(few > 0 && many <= 2 * few, "{few} {many}");
        let long = |letters: usize| steps(&format!("*** Add File: {}\n", "x".repeat(letters)));
        let [few, many] = [1_000, 2_000].map(long);
        assert!(few > 0 && many <= 2 * few, "{few} {many}");
        assert_eq!(long(1_000_000), 0, "no file has such a name");
    }

    #[test]
    fn files_of_secrets_are_known_by_their_names() {
        for path in [
            ".env",
            "/w/.env",
            "/w/.env.local",
            "/w/.ENV.Production",
            "/w/prod.env",
            "/w/.envrc",
            "/w/prod.env/../.env/",
            "//proc//self/environ",
            "/tmp/../proc/self/environ",
            "./.env",
            "/w/tls/server.pem",
            "/w/server.key",
            "/w/server.key.orig",
            "/home/ann/.ssh/id_rsa",
            "/w/id_ed25519",
            "/home/ann/.ssh/config",
            "/w/credentials",
            "/w/aws-credentials.json",
            "/home/ann/.aws/config",
            "/w/prod.tfvars",
            "/w/a.auto.tfvars.json",
            "/w/terraform.tfstate",
            "/w/kubeconfig",
            "/home/ann/.kube/config",
            "/home/ann/.netrc",
            "c:/users/ann/_netrc",
            "/home/ann/.pgpass",
            "/home/ann/.password-store/mail/work.gpg",
            "/home/ann/.password-store/x",
            "/w/vault.kdbx",
            "/w/.npmrc",
            "/home/ann/.Renviron",
            "/w/gradle.properties",
            "/w/NuGet.Config",
            "/home/ann/.config/pip/pip.conf",
            "/w/.vscode/sftp.json",
            "/home/ann/.config/filezilla/sitemanager.xml",
            "/w/.pypirc",
            "/w/.git-credentials",
            "/w/a.p12",
            "/w/a.pfx",
            "/w/a.jks",
            "/w/config/secrets.yml",
            "/home/ann/.docker/config.json",
            "/w/my-service-account.json",
            "/etc/shadow",
            "/w/.htpasswd",
            "/home/ann/.authinfo.gpg",
            "/proc/self/environ",
            "/proc/1/task/1/environ",
            "/proc/self/mem",
            "/proc/42/cmdline",
            "/run/secrets/db",
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "/run/credentials/litellm.service/key",
            "/home/ann/.config/litellm-ls/settings.toml",
            "/home/ann/.local/share/litellm-ls/litellm/master-key",
            "/etc/gshadow-",
            "/etc/ssh/ssh_host_ed25519_key",
            "/etc/krb5.keytab",
            "/w/client_secret_1.json",
            "/home/ann/.bash_history",
            "/home/ann/.psql_history",
            "/home/ann/.local/share/fish/fish_history",
            "c:/users/ann/psreadline/consolehost_history.txt",
            "/w/env.prod",
            "/w/secret.json",
            "/w/password.txt",
            "/w/db-password.txt",
            "/w/token.txt",
            "/w/apikey.txt",
            "/w/gcp-key.json",
            "/w/group_vars/all/vault.yml",
            "/etc/wireguard/wg0.conf",
            "/home/ann/.config/sops/age/keys.txt",
            "/home/ann/.config/hub",
            "/home/ann/.gemini/oauth_creds.json",
            "/home/ann/.config/pypoetry/auth.toml",
            "/etc/kubernetes/admin.conf",
            "/w/wp-config.php",
            "/w/appsettings.Development.json",
            "/w/local.properties",
            "/w/.mcp.json",
            "/w/.vscode/mcp.json",
            "/home/ann/.cursor/mcp.json",
            "/home/ann/Library/Application Support/Claude/claude_desktop_config.json",
            "/home/ann/.config/Code/User/settings.json",
        ] {
            assert!(secret_pattern(path, &[]).is_some(), "{path}");
        }
        for path in [
            "",
            "/w/main.rs",
            "/w/environment.rs",
            "/w/env.py",
            "/w/keys.rs",
            "/w/README.md",
            "/w/config.json",
            "/w/monkey.rs",
            "/w/ssh/main.rs",
            "/w/netrc.rs",
            "/w/grid_map.py",
            "/w/secrets/mod.rs",
            "/w/proc/self/environ",
            "/w/browser_history.rs",
            "/w/run/main.rs",
            "/w/env.d.ts",
            "/w/secret.rs",
            "/w/password_field.dart",
            "/w/token.rs",
            "/w/tokens.json",
            "/w/monkey.json",
            "/w/.vscode/settings.json",
            "/w/appsettings.json",
            "/w/tokenizer.json",
        ] {
            assert_eq!(secret_pattern(path, &[]), None, "{path}");
        }
    }

    #[test]
    fn a_copy_of_a_file_of_secrets_is_one() {
        const COPIES: [&str; 36] = [
            "F~",
            "F.~1~",
            "F.~HEAD~",
            "#F#",
            ".#F",
            "F.bak",
            "F.BAK",
            "F.orig",
            "F.old",
            "F.save",
            "F.save.1",
            "F.1",
            "F.2026-11-26",
            "F.swp",
            ".F.swp",
            ".F.swo",
            ".F.un~",
            "F.tmp",
            "F.new",
            "F.rej",
            "F.dpkg-old",
            "F___jb_tmp___",
            "F (copy)",
            "F (1)",
            "F copy",
            "F - Copy",
            "~$F",
            ".~lock.F#",
            "HEAD:F",
            ":0:F",
            "%home%ann%F",
            "%home%ann%F.swp",
            "#!home!ann!F#",
            "!home!ann!F~",
            "F.bak.bak~",
            ".F.kate-swp",
        ];
        for name in [".env", "id_rsa", "server.pem", ".npmrc", "credentials", ".pgpass"] {
            for copy in COPIES {
                let path = format!("/w/{}", copy.replace('F', name));
                assert!(secret_pattern(&path, &[]).is_some(), "{path}");
                let harmless = format!("/w/{}", copy.replace('F', "main.rs"));
                assert_eq!(secret_pattern(&harmless, &[]), None, "{harmless}");
                let cleared = vec![format!("!{name}")];
                assert!(is_cleared(&path, &cleared) && secret_pattern(&path, &cleared).is_none(), "{path}");
            }
        }
        let path = "/state/swap/%home%ann%.aws%config.swp";
        assert!(secret_pattern(path, &[]).is_some() && !is_cleared(path, &[]));
    }

    #[test]
    fn the_last_pattern_that_fits_decides() {
        let patterns =
            |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect::<Vec<_>>();
        let secret = |path, list: &[&str]| secret_pattern(path, &patterns(list)).is_some();
        assert!(secret("/w/a.internal", &["*.internal"]) && secret("/w/private/x/a.rs", &["private/"]));
        assert!(!secret("/w/.env.example", &["!.env.example"]) && secret("/w/.env", &["!.env.example"]));
        assert!(!secret("/w/id_map.py", &["!id_*.py"]) && secret("/w/id_rsa", &["!id_*.py"]));
        assert!(!secret("/proc/self/environ", &["!/proc/"]) && secret("/proc/self/environ", &["!*.rs"]));
        assert!(secret("/w/.env", &["!.env*", ".env"]), "what a later layer adds holds");
        assert!(secret("/w/a/b.txt", &["A/?.txt"]) && !secret("/w/c/b.txt", &["a/?.txt"]));
        assert!(!secret("/w/a", &["", "!", "/"]));
    }
}

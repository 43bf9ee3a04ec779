//! Which files hold secrets, by their names: they don't go out by themselves.

/// What secrets are kept in. A name with a `/` at its end is a folder with all that is in it.
const PATTERNS: [&str; 104] = [
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
    ".gradle/gradle.properties",
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
/// What is put behind the name of a file to keep a copy of it.
const COPIES: [&str; 8] = ["~", ".bak", ".backup", ".copy", ".old", ".orig", ".save", ".swp"];

/// The pattern by which a file holds secrets. None where it may go out. The user's patterns come behind the built-in
/// ones: the last that fits decides, and one behind `!` says that the file holds none.
pub fn secret_pattern(path: &str, patterns: &[String]) -> Option<String> {
    let path = path.trim_end_matches('/').to_lowercase();
    let mut copied = path.as_str();
    while let Some(shorter) = COPIES.iter().find_map(|copy| copied.strip_suffix(copy)) {
        copied = shorter;
    }
    let fits = |pattern: &str| fits(pattern, &path) || fits(pattern, copied);
    for pattern in patterns.iter().rev() {
        match pattern.strip_prefix('!') {
            Some(harmless) if fits(harmless) => return None,
            None if fits(pattern) => return Some(pattern.clone()),
            _ => {}
        }
    }
    let is_of_process = path.starts_with(PROCESSES).then_some(PROCESSES);
    is_of_process.or_else(|| PATTERNS.into_iter().find(|pattern| fits(pattern))).map(str::to_owned)
}

/// Whether a pattern fits the end of a path: its file, or as many parts as the pattern has; or one of its folders.
fn fits(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim().trim_start_matches('/').to_lowercase();
    let parts: Vec<&str> = path.split('/').collect();
    if let Some(folder) = pattern.strip_suffix('/') {
        let depth = folder.split('/').count();
        let (_, folders) = parts.split_last().unwrap_or((&"", &[]));
        return folders.windows(depth).any(|folders| matches(folder, &folders.join("/")));
    }
    let depth = pattern.split('/').count();
    parts.len() >= depth && matches(&pattern, &parts[parts.len() - depth..].join("/"))
}

/// Whether a text is what a pattern says, in which `*` stands for any letters and `?` for one.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // Where to go on from when what follows the last star does not fit: it takes one letter more then.
    let mut star: Option<(usize, usize)> = None;
    let (mut at, mut place) = (0, 0);
    while place < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(letter) if *letter == text[place] || *letter == '?' => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((begun, taken)) = star else { return false };
                star = Some((begun, taken + 1));
                (at, place) = (begun + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_secrets_are_known_by_their_names() {
        for path in [
            ".env",
            "/w/.env",
            "/w/.env.local",
            "/w/.ENV.Production",
            "/w/prod.env",
            "/w/.envrc",
            "/w/.env~",
            "/w/.env.bak",
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
        ] {
            assert_eq!(secret_pattern(path, &[]), None, "{path}");
        }
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

//! What a peer was told of the state of each profile, and what the last check of it found.

use litellm_ls_protocol::State;

/// Of how many profiles it is kept in mind. Of one more, what the peer knows already may be told again.
const MOST: usize = 256;

/// The states of all profiles, the oldest first.
#[derive(Default)]
pub(super) struct States(Vec<Known>);

struct Known {
    profile: String,
    told: State,
    /// What only a check finds out, such as a default model that is missing. A call that succeeds does not disprove it.
    finding: Option<Finding>,
}

/// What is wrong although the proxy answers.
#[derive(Clone)]
pub(super) struct Finding {
    pub(super) state: State,
    pub(super) message: String,
    pub(super) remedy: Option<String>,
}

impl States {
    /// Notes that a state is told, and says whether it is news. That all is well is none at first.
    pub(super) fn tell(&mut self, profile: &str, state: State) -> bool {
        match self.find(profile) {
            Some(known) => std::mem::replace(&mut known.told, state) != state,
            None => {
                if self.0.len() == MOST {
                    self.0.remove(0);
                }
                self.0.push(Known { profile: profile.to_owned(), told: state, finding: None });
                state != State::Ready
            }
        }
    }

    /// Notes what a check of a profile that was told of has found.
    pub(super) fn checked(&mut self, profile: &str, finding: Finding) {
        let lasts = matches!(finding.state, State::Degraded | State::Failed);
        if let Some(known) = self.find(profile) {
            known.finding = lasts.then_some(finding);
        }
    }

    /// What the last check has found, where that lasts.
    pub(super) fn finding(&mut self, profile: &str) -> Option<Finding> {
        self.find(profile)?.finding.clone()
    }

    /// Forgets a profile.
    pub(super) fn forget(&mut self, profile: &str) {
        self.0.retain(|known| known.profile != profile);
    }

    fn find(&mut self, profile: &str) -> Option<&mut Known> {
        self.0.iter_mut().find(|known| known.profile == profile)
    }
}

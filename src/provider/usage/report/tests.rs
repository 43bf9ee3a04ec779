//! Days begin where the user is, and every grouping adds up.

use proptest::prelude::*;

use super::*;
use crate::store::ledger::{LedgerRow, LedgerWriter};

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn labels(from: &str, to: &str, unit: Unit, zone: &TimeZone) -> Vec<(String, i64)> {
    let time = quarters(&(at(from)..at(to)));
    let first = time.start.div_euclid(DAY) * DAY;
    let days: Vec<i64> = (first..time.end).step_by(DAY as usize).collect();
    let spans = spans(&time, &days, Some(unit), zone);
    for pair in spans.windows(2) {
        assert_eq!(pair[0].quarters.end, pair[1].quarters.start);
    }
    spans.into_iter().map(|span| (span.label, (span.quarters.end - span.quarters.start) / QUARTER)).collect()
}

#[test]
fn days_weeks_and_months_begin_where_the_user_is() {
    let label = |label: &str, quarters| (label.to_owned(), quarters);
    // The clocks are set forward on 29 March and back on 25 October.
    assert_eq!(
        labels("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z", Unit::Day, &berlin()),
        [label("2026-03-28", 96), label("2026-03-29", 92), label("2026-03-30", 96)]
    );
    assert_eq!(
        labels("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z", Unit::Day, &berlin()),
        [label("2026-10-25", 100), label("2026-10-26", 96)]
    );
    assert_eq!(
        labels("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", Unit::Hour, &berlin()),
        [label("2026-10-25T02:00:00+02:00", 4), label("2026-10-25T02:00:00+01:00", 4)]
    );
    assert_eq!(
        labels("2026-11-20T00:00:00Z", "2026-12-02T00:00:00Z", Unit::Week, &TimeZone::UTC),
        [label("2026-11-16", 3 * 96), label("2026-11-23", 7 * 96), label("2026-11-30", 2 * 96)]
    );
    assert_eq!(
        labels("2026-11-20T00:00:00Z", "2027-01-02T00:00:00Z", Unit::Month, &TimeZone::UTC),
        [label("2026-11", 11 * 96), label("2026-12", 31 * 96), label("2027-01", 96)]
    );
    let india = zone("+05:30").unwrap();
    assert_eq!(
        labels("2026-11-20T18:29:59Z", "2026-11-20T18:31:00Z", Unit::Day, &india),
        [label("2026-11-20", 1), label("2026-11-21", 1)]
    );
    assert_eq!(
        labels("2026-11-20T18:10:00Z", "2026-11-20T18:31:00Z", Unit::Hour, &india),
        [label("2026-11-20T23:00:00+05:30", 2), label("2026-11-21T00:00:00+05:30", 1)]
    );
}

#[test]
fn days_far_from_all_others_take_no_room_of_theirs() {
    let days =
        ["1970-01-01", "2026-11-26", "2026-11-27", "2100-02-28"].map(|day| at(&format!("{day}T00:00:00Z")));
    let days = days.map(|day| day.as_millisecond());
    let time = 0..days[3] + DAY;
    for (unit, spans_of_each) in [(Unit::Hour, 24), (Unit::Day, 1)] {
        let spans = spans(&time, &days, Some(unit), &TimeZone::UTC);
        assert_eq!(spans.len(), 4 * spans_of_each, "{unit:?}");
        assert!(
            spans.iter().all(|span| days.iter().any(|day| (*day..day + DAY).contains(&span.quarters.start)))
        );
    }
    let months = spans(&time, &days, Some(Unit::Month), &TimeZone::UTC);
    assert_eq!(
        months.iter().map(|span| &span.label[..]).collect::<Vec<_>>(),
        ["1970-01", "2026-11", "2100-02"]
    );
}

#[test]
fn a_time_is_a_day_or_an_instant_and_a_zone_a_name_or_an_offset() {
    let berlin = berlin();
    for (text, later, expected) in [
        ("2026-11-20", 0, Some("2026-11-19T23:00:00Z")),
        ("2026-11-20", 1, Some("2026-11-20T23:00:00Z")),
        ("2026-11-20T01:00:00+01:00", 1, Some("2026-11-20T00:00:00Z")),
        ("2026-11-20T01:00:00", 0, None),
        ("2026-11-31", 0, None),
        ("20261120", 0, None),
        ("today", 0, None),
        ("", 0, None),
    ] {
        assert_eq!(instant_of(text, &berlin, later), expected.map(at), "{text}");
    }
    for (name, offset) in [
        ("UTC", Some(0)),
        ("+05:30", Some(19_800)),
        ("-08:00", Some(-28_800)),
        ("+5:30", None),
        ("+24:00", None),
        ("+05:60", None),
        ("nowhere", None),
        ("", None),
    ] {
        let seconds = zone(name).map(|zone| zone.to_offset(at("2026-11-20T00:00:00Z")).seconds());
        assert_eq!(seconds, offset, "{name}");
    }
}

#[test]
fn what_is_asked_in_a_wrong_way_is_refused_with_its_place() {
    let now = at("2026-11-27T10:00:00Z").to_zoned_datetime(berlin());
    let asked = LedgerParams::default;
    for (asked, path) in [
        (LedgerParams { by: vec![LedgerBy::Day, LedgerBy::Model, LedgerBy::Week], ..asked() }, "ledger.by"),
        (LedgerParams { since: Some("yesterday".into()), ..asked() }, "ledger.since"),
        (LedgerParams { until: Some("2026".into()), ..asked() }, "ledger.until"),
        (LedgerParams { time_zone: Some("Mars".into()), ..asked() }, "ledger.timeZone"),
        (LedgerParams { cursor: Some("x".into()), ..asked() }, "ledger.cursor"),
        (LedgerParams { limit: std::num::NonZeroU32::new(1_001), ..asked() }, "ledger.limit"),
    ] {
        let refused = Question::of(&asked, &now).err().expect(path);
        assert_eq!(refused.data.problems[0].path, path);
    }
    let question = Question::of(&asked(), &now).ok().unwrap();
    assert_eq!(question.time, at("2026-10-28T23:00:00Z")..at("2026-11-27T10:00:00Z"));
    let nothing = question.answer(None).unwrap();
    assert_eq!((nothing.groups.len(), nothing.total.calls, &nothing.time_zone[..]), (0, 0, "+01:00"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever calls are put together by, and however they are paged: nothing is lost and nothing counts twice.
    #[test]
    fn the_sums_of_any_grouping_are_the_sum_of_all(
        made in proptest::collection::vec((0_i64..20 * 96, 0_usize..4, 0_usize..3, proptest::option::of(0_u32..1_000)), 1..80),
        limit in 1_u32..9,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        // In the hour that comes twice.
        let made: Vec<_> = [(5 * 96, 0, 0, None), (5 * 96 + 4, 0, 0, None)].into_iter().chain(made).collect();
        let start = at("2026-10-20T00:00:00Z");
        let writer = LedgerWriter::of(&path).unwrap();
        for (quarter, model, client, cost) in &made {
            writer.write(LedgerRow {
                at: start.as_millisecond() + quarter * QUARTER,
                kind: Kind {
                    model: format!("m{model}"),
                    client: format!("c{client}"),
                    workspace: format!("w{}", (model + client) % 2),
                    profile: format!("p{}", model % 2),
                    outcome: ["succeeded", "failed", "cancelled"][*client].to_owned(),
                    ..Kind::default()
                },
                input_tokens: Some(3),
                cost: cost.map(|cost| f64::from(cost) / 1e3),
                is_unpriced: cost.is_none(),
                ..LedgerRow::default()
            });
        }
        drop(writer);
        let cost = made.iter().filter_map(|(.., cost)| *cost).sum::<u32>();
        let calls = made.len() as u64;
        for by in LedgerBy::ALL.into_iter().map(|by| vec![by]).chain([
            vec![],
            vec![LedgerBy::Day, LedgerBy::Model],
            vec![LedgerBy::Month, LedgerBy::Client, LedgerBy::Workspace],
            LedgerBy::ALL[3..].to_vec(),
        ]) {
            let mut question = Question {
                by: by.clone(),
                time: start..at("2026-11-20T00:00:00Z"),
                zone: berlin(),
                limit: limit as usize,
                begin: 0,
            };
            let mut groups = Vec::new();
            loop {
                let told = LedgerReader::look(&path, |reader| question.answer(reader)).unwrap();
                prop_assert_eq!(told.total.calls, calls);
                prop_assert!(told.groups.len() <= limit as usize);
                groups.extend(told.groups);
                let Some(cursor) = told.next_cursor else { break };
                question.begin = cursor.parse().unwrap();
            }
            prop_assert_eq!(groups.iter().map(|group| group.sum.calls).sum::<u64>(), calls, "{:?}", by);
            prop_assert_eq!(groups.iter().map(|group| group.sum.input_tokens).sum::<u64>(), 3 * calls);
            let sum: f64 = groups.iter().filter_map(|group| group.sum.cost).sum();
            prop_assert!((sum - f64::from(cost) / 1e3).abs() < 1e-9, "{by:?}: {sum}");
            // Those of hours have an offset.
            let in_order = |label: &String| label.parse::<Timestamp>().map_or(label.clone(), |at| at.to_string());
            let times: Vec<_> = groups.iter().map(|group| group.time.as_ref().map(in_order)).collect();
            prop_assert!(times.is_sorted());
        }
    }
}

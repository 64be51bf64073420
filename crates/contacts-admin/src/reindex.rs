//! `contacts-admin reindex`: brings the name search and the lists by name to this version of the folding.

use std::time::Duration;

use contacts::folding;
use contacts_dynamodb::{
    Store, StoreError,
    reindex::{Segment, SegmentProgress},
};
use futures_util::future::try_join_all;
use tokio::{
    sync::Mutex,
    time::{Interval, MissedTickBehavior, interval},
};

/// How the job runs.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Parts of the table that are read side by side. A run that was cut short goes on only with the same number.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub segments: u32,
    /// People a second, over all segments, at the most. Each needs up to 50 write units, and as many for the entries
    /// that are removed.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: u32,
    /// Looks at the whole table again, even if it was brought to this version: after functions of an older version
    /// have run once more.
    #[arg(long)]
    pub again: bool,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReindexReport {
    /// People that got new entries.
    pub people: u64,
    /// Entries of older versions that were removed.
    pub removed: u64,
    /// Members of organisations that were put in order.
    pub moved: u64,
}

/// Brings the table to this version, while it serves. `None` when it was there, and nothing was looked at.
///
/// `progress` is told of each page, with the number of the segment.
///
/// # Errors
/// When the table cannot be reached.
pub async fn reindex(
    store: &Store,
    options: &Options,
    progress: &(dyn Fn(u32, &SegmentProgress) + Sync),
) -> Result<Option<ReindexReport>, StoreError> {
    if !options.again && store.complete_folding().await? >= folding::VERSION {
        return Ok(None);
    }
    let mut ticks = interval(Duration::from_secs(1) / options.rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let ticks = Mutex::new(ticks);
    let numbers = 0..options.segments;
    let segments = numbers.map(|number| {
        let segment = Segment {
            number,
            of: options.segments,
        };
        reindex_segment(store, segment, options.again, &ticks, progress)
    });
    let mut report = ReindexReport::default();
    for segment in try_join_all(segments).await? {
        report.people += segment.people;
        report.removed += segment.removed;
        report.moved += segment.moved;
    }
    store.complete_reindex().await?;
    Ok(Some(report))
}

async fn reindex_segment(
    store: &Store,
    segment: Segment,
    again: bool,
    ticks: &Mutex<Interval>,
    progress: &(dyn Fn(u32, &SegmentProgress) + Sync),
) -> Result<SegmentProgress, StoreError> {
    let mut done = if again {
        SegmentProgress::default()
    } else {
        store.segment_progress(segment).await?
    };
    while !done.ended {
        let pace = || async move {
            ticks.lock().await.tick().await;
        };
        done = store.reindex_page(segment, &done, pace).await?;
        progress(segment.number, &done);
    }
    Ok(done)
}

using System.Text.Json.Serialization;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Manifests;
using Rollouts.Notifications;
using Rollouts.Questions;
using Rollouts.Traffic;

namespace Rollouts.Machine;

/// <summary>Everything that a rollout is. Stored as versioned JSON; a newer build reads every older shape.</summary>
public sealed record Rollout
{
    /// <summary>The version of this shape that this build writes.</summary>
    public const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Readable and stable: the same release gives the same id.</summary>
    public required string Id { get; init; }

    public required Release Release { get; init; }

    /// <summary>From 1; a retry adds one.</summary>
    public int Attempt { get; init; } = 1;

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this attempt began; the same as <see cref="StartedAt"/> without a retry.</summary>
    public required DateTimeOffset AttemptStartedAt { get; init; }

    /// <summary>When the outcome was reached; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    public RolloutStage Stage { get; init; }

    /// <summary>The step under way, from 0; the number of steps when all are done.</summary>
    public int StepIndex { get; init; }

    /// <summary>When the step under way was reached; null before it has begun.</summary>
    public DateTimeOffset? StepStartedAt { get; init; }

    /// <summary>What the cluster is to hold.</summary>
    public TrafficSplit Desired { get; init; } = TrafficSplit.None;

    /// <summary>What the cluster was last seen to hold; null before the first look.</summary>
    public TrafficSplit? Applied { get; init; }

    /// <summary>Grows with every change of <see cref="Desired"/>, over all attempts.</summary>
    public long TrafficRevision { get; init; }

    /// <summary>The revision that the cluster was last seen to hold.</summary>
    public long AppliedRevision { get; init; }

    /// <summary>Since when <see cref="Desired"/> is wanted.</summary>
    public DateTimeOffset DesiredSince { get; init; }

    /// <summary>When the cluster was last seen to hold what it holds; null before, and in a state that an earlier build stored.</summary>
    public DateTimeOffset? TrafficSeenAt { get; init; }

    /// <summary>Since when a look at the cluster is wanted before the next change; null when none is.</summary>
    public DateTimeOffset? LookWantedSince { get; init; }

    /// <summary>What somebody else has written to the target, while a person is asked about it.</summary>
    public TrafficSplit? Drift { get; init; }

    /// <summary>How far the check of the canary's share has come; null without one.</summary>
    public ShareCheck? Share { get; init; }

    /// <summary>Whether the target is this rollout's.</summary>
    public bool OwnsTarget { get; init; }

    /// <summary>When the target was last taken; null before. Orders this rollout's writes among those of others, see <see cref="Workloads.WorkloadFence"/>.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>Whether the target may be this rollout's: a claim was listed, whatever came of it.</summary>
    public bool ClaimTried { get; init; }

    public bool WorkloadInspected { get; init; }

    public string? StableHash { get; init; }

    public string? CanaryHash { get; init; }

    /// <summary>The pods; null where both versions are deployed by somebody else.</summary>
    public WorkloadProgress? Workload { get; init; }

    /// <summary>The rollout on the same target that this one takes the place of: its ownership is waited out. Null when there is none.</summary>
    public string? Supersedes { get; init; }

    /// <summary>Another rollout waits for the target: what is left is done without delays.</summary>
    public bool MakesWay { get; init; }

    /// <summary>Set while the rollout is paused by hand.</summary>
    public ManualPause? ManualPause { get; init; }

    /// <summary>The open question, if any.</summary>
    public Question? Question { get; init; }

    /// <summary>How the last question was closed, for whoever answers it too late; null before.</summary>
    public QuestionEnd? LastQuestion { get; init; }

    /// <summary>What became of the last decision that was read; null before.</summary>
    public DecisionAnswer? LastAnswer { get; init; }

    /// <summary>Approvals of what is asked now, while there are too few of them.</summary>
    public IReadOnlyList<Vote> Votes { get => field ?? []; init; } = [];

    // A getter stands in for what an older build did not write: the reader of JSON sets a member that is missing to null.

    /// <summary>What channels do not show yet, and posts that may have to be brought up to date.</summary>
    public IReadOnlyList<Notice> Notices { get => field ?? []; init; } = [];

    /// <summary>The last attempt whose outcome was told.</summary>
    public int OutcomeToldFor { get; init; }

    /// <summary>How many questions were asked; gives the next one its id.</summary>
    public int QuestionsAsked { get; init; }

    /// <summary>The analysis of the step under way, or the last one.</summary>
    public AnalysisRun? Analysis { get; init; }

    /// <summary>How many analysis runs were started; gives the next one its id.</summary>
    public int RunsStarted { get; init; }

    /// <summary>Since when analysis runs of this step have been inconclusive and repeated under <c>wait</c>.</summary>
    public DateTimeOffset? InconclusiveSince { get; init; }

    /// <summary>The analysis beside the steps; null before it has begun.</summary>
    public AnalysisRun? Background { get; init; }

    /// <summary>Since when background runs have been inconclusive and repeated under <c>wait</c>.</summary>
    public DateTimeOffset? BackgroundInconclusiveSince { get; init; }

    /// <summary>Since when the canary has had everything and is baking; null before, and without a bake time.</summary>
    public DateTimeOffset? BakeStartedAt { get; init; }

    /// <summary>Counts the canary's requests before background analysis begins; null when nothing is counted.</summary>
    public AnalysisRun? RequestCount { get; init; }

    /// <summary>When the schedule is looked at again that keeps the next step from raising the weight; null when it keeps nothing.</summary>
    public DateTimeOffset? ScheduleOpensAt { get; init; }

    /// <summary>The step that may be taken outside of the schedule, because somebody decided so; null for none.</summary>
    public int? ScheduleOverruled { get; init; }

    /// <summary>Whether what the steps before the one to begin at ask for is still to be asked for; false in a state that an earlier build stored.</summary>
    public bool ReplayDue { get; init; }

    /// <summary>Whether a decision, or the course of the rollout, has cut short all that was left: steps, analysis and bake time.</summary>
    public bool PromotedInFull { get; init; }

    /// <summary>Effects that were tried in vain.</summary>
    public IReadOnlyList<FailingEffect> Failing { get; init; } = [];

    /// <summary>The outcome that a rollback under way leads to.</summary>
    public RolloutOutcome? Ending { get; init; }

    /// <summary>Null until the rollout has ended.</summary>
    public RolloutOutcome? Outcome { get; init; }

    /// <summary>Why the rollout is as it is, for a person.</summary>
    public string Message { get; init; } = "";

    /// <summary>The sequence number of the last decision read.</summary>
    public long LastDecision { get; init; }

    /// <summary>How many decisions of this attempt were taken.</summary>
    public int Decisions { get; init; }

    /// <summary>How long people took to answer each question of this attempt, in seconds; of many the last fifty.</summary>
    public IReadOnlyList<int> AnswersTook { get => field ?? []; init; } = [];

    /// <summary>
    /// The templates whose metrics ended this attempt; null while none has, and in a state that an earlier build stored.
    /// </summary>
    public IReadOnlyList<string>? FailedTemplates { get; init; }

    /// <summary>The last attempt that stands in the ledger; 0 before.</summary>
    public int LedgeredAttempt { get; init; }

    /// <summary>How many journal entries were written.</summary>
    public int EntriesWritten { get; init; }

    /// <summary>Entries that are not known to stand in the journal.</summary>
    public IReadOnlyList<JournalEntry> Unrecorded { get; init; } = [];

    /// <summary>True once nothing is left to do; only a retry moves it then.</summary>
    [JsonIgnore]
    public bool IsFinished => Stage == RolloutStage.Finished;

    /// <summary>Whether the cluster is known to hold what is wanted.</summary>
    [JsonIgnore]
    public bool IsTrafficSettled => AppliedRevision == TrafficRevision && Desired.Equals(Applied);

    /// <summary>The step under way; null when all are done.</summary>
    [JsonIgnore]
    public Steps.Step? CurrentStep => StepIndex < Release.Steps.Count ? Release.Steps[StepIndex] : null;
}

/// <summary>The check of the share of requests that the canary gets.</summary>
/// <param name="Revision">The split that is checked.</param>
/// <param name="Since">Since when it is in force.</param>
/// <param name="NextAt">When the requests are counted next.</param>
/// <param name="Passed">Whether it is over: the share is right, or somebody has gone on in spite of it.</param>
/// <param name="Message">What the last count showed; null before the first.</param>
/// <param name="IsOff">Whether it showed a share that is not the weight's.</param>
public sealed record ShareCheck(long Revision, DateTimeOffset Since, DateTimeOffset NextAt, bool Passed = false, string? Message = null, bool IsOff = false);

/// <summary>A pause by hand.</summary>
public sealed record ManualPause(string By, DateTimeOffset At);

/// <summary>Something that only a person can answer, or the policy when nobody does.</summary>
/// <param name="Id">Unique in the rollout, for instance <c>q1</c>.</param>
/// <param name="Kind">Why it is asked.</param>
/// <param name="AskedAt">Since when.</param>
/// <param name="ExpiresAt">When the policy answers; null never.</param>
/// <param name="Message">The evidence in a sentence.</param>
/// <param name="Subject">Which analysis it is about. Default the step's.</param>
/// <param name="AnswersStep">Whether the answer is also that of the step under way, because its question was open when this one was asked. Default true.</param>
/// <param name="Latest">What measuring has shown since it was asked; null before the first verdict.</param>
public sealed record Question(
    string Id,
    QuestionKind Kind,
    DateTimeOffset AskedAt,
    DateTimeOffset? ExpiresAt,
    string Message,
    AnalysisSubject Subject = AnalysisSubject.Step,
    bool AnswersStep = true,
    string? Latest = null)
{
    /// <summary>How many reminders were due so far.</summary>
    public int Reminders { get; init; }

    /// <summary>Whether others have been told.</summary>
    public bool Escalated { get; init; }
}

/// <summary>What became of a decision.</summary>
/// <param name="DecisionId">Which.</param>
/// <param name="Counted">Whether it counted; if not, the message says why.</param>
/// <param name="Message">For whoever decided.</param>
public sealed record DecisionAnswer(string DecisionId, bool Counted, string Message);

/// <summary>Why a question is asked.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuestionKind>))]
public enum QuestionKind
{
    /// <summary>A pause step without a duration.</summary>
    Pause,

    /// <summary>An analysis that neither succeeded nor failed.</summary>
    Inconclusive,

    /// <summary>Measurements found no data.</summary>
    NoData,

    /// <summary>Measurements could not be taken.</summary>
    Error,

    /// <summary>Somebody else has changed the traffic.</summary>
    Drift,

    /// <summary>The canary gets another share of the requests than its weight.</summary>
    Share,
}

/// <summary>An effect that was tried in vain.</summary>
/// <param name="Effect">Its name.</param>
/// <param name="Attempts">How often.</param>
/// <param name="Since">From when on.</param>
/// <param name="RetryAt">When it is tried again.</param>
/// <param name="Message">The last failure.</param>
public sealed record FailingEffect(string Effect, int Attempts, DateTimeOffset Since, DateTimeOffset RetryAt, string Message);

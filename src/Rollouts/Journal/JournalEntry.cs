namespace Rollouts.Journal;

/// <summary>Something that happened to a rollout, for people and audits. Entries are never changed.</summary>
public sealed record JournalEntry
{
    /// <summary>
    /// From 1, without gaps, given by the machine; below 0 for what a watchdog records, so that it takes none of the machine's. With the rollout's id the
    /// entry's identity.
    /// </summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What happened; see <see cref="EventType"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The index of the step at the time, from 0; null before the first and after the last.</summary>
    public int? Step { get; init; }

    /// <summary>The canary's weight as last confirmed by the cluster.</summary>
    public int Weight { get; init; }

    /// <summary>One sentence for a person: what and why.</summary>
    public required string Message { get; init; }

    /// <summary>The decision that this entry answers or carries out, if any.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Who, for what a person did.</summary>
    public string? By { get; init; }

    /// <summary>The metric, for a measurement or a verdict.</summary>
    public string? Metric { get; init; }

    /// <summary>The measured value in Prometheus' notation, for a measurement.</summary>
    public string? Value { get; init; }
}

/// <summary>Types of journal entries. Where Argo has an event reason for it, that is the name.</summary>
public static class EventType
{
    public const string RolloutStarted = nameof(RolloutStarted);
    public const string RolloutStepCompleted = nameof(RolloutStepCompleted);
    public const string TrafficWeightUpdated = nameof(TrafficWeightUpdated);
    public const string HeaderRouteUpdated = nameof(HeaderRouteUpdated);
    public const string TargetTakenOver = nameof(TargetTakenOver);
    public const string TrafficDrift = nameof(TrafficDrift);
    public const string WeightVerified = nameof(WeightVerified);
    public const string WeightVerifyError = nameof(WeightVerifyError);
    public const string MirrorRouteUpdated = nameof(MirrorRouteUpdated);
    public const string EffectFailing = nameof(EffectFailing);
    public const string EffectRecovered = nameof(EffectRecovered);
    public const string AnalysisRunPending = nameof(AnalysisRunPending);
    public const string AnalysisRunRunning = nameof(AnalysisRunRunning);
    public const string AnalysisRunSuccessful = nameof(AnalysisRunSuccessful);
    public const string AnalysisRunFailed = nameof(AnalysisRunFailed);
    public const string AnalysisRunError = nameof(AnalysisRunError);
    public const string AnalysisRunInconclusive = nameof(AnalysisRunInconclusive);
    public const string Measured = nameof(Measured);
    public const string RolloutPaused = nameof(RolloutPaused);
    public const string RolloutResumed = nameof(RolloutResumed);
    public const string QuestionAsked = nameof(QuestionAsked);
    public const string QuestionWithdrawn = nameof(QuestionWithdrawn);
    public const string QuestionExpired = nameof(QuestionExpired);
    public const string ApprovalCounted = nameof(ApprovalCounted);
    public const string NoticePosted = nameof(NoticePosted);
    public const string NoticeFailing = nameof(NoticeFailing);
    public const string NoticeGivenUp = nameof(NoticeGivenUp);
    public const string DecisionApplied = nameof(DecisionApplied);
    public const string DecisionRejected = nameof(DecisionRejected);
    public const string ContinuedByPolicy = nameof(ContinuedByPolicy);
    public const string BakeStarted = nameof(BakeStarted);
    public const string ScheduleClosed = nameof(ScheduleClosed);
    public const string RolloutAborted = nameof(RolloutAborted);
    public const string RolloutRetry = nameof(RolloutRetry);
    public const string RolloutCompleted = nameof(RolloutCompleted);
    public const string RolloutInvalid = nameof(RolloutInvalid);
    public const string SkipSteps = nameof(SkipSteps);
    public const string ScalingReplicaSet = nameof(ScalingReplicaSet);
    public const string ProgressDeadlineExceeded = nameof(ProgressDeadlineExceeded);
    public const string ExperimentRunning = nameof(ExperimentRunning);
    public const string StableUpdating = nameof(StableUpdating);
    public const string StableUpdated = nameof(StableUpdated);
    public const string RolloutHalted = nameof(RolloutHalted);
    public const string RolloutRestarted = nameof(RolloutRestarted);
}

using System.Text.Json.Serialization;

namespace Rollouts.Machine;

/// <summary>Argo's phases.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutPhase>))]
public enum RolloutPhase
{
    /// <summary>Under way.</summary>
    Progressing,

    /// <summary>Waiting: a pause step, a pause by hand, or an open question.</summary>
    Paused,

    /// <summary>Rolled back, aborted, or not to be started.</summary>
    Degraded,

    /// <summary>Promoted.</summary>
    Healthy,
}

/// <summary>How a rollout ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutOutcome>))]
public enum RolloutOutcome
{
    /// <summary>The new version has all traffic.</summary>
    Promoted,

    /// <summary>Analysis took the canary's traffic away.</summary>
    RolledBack,

    /// <summary>A person, an unanswered question or a deadline took it away.</summary>
    Aborted,

    /// <summary>A newer release took its place.</summary>
    Superseded,

    /// <summary>Back to a former version without steps.</summary>
    FastRolledBack,

    /// <summary>What the release names is not there, or not usable.</summary>
    Invalid,
}

/// <summary>What a running rollout waits on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WaitingFor>))]
public enum WaitingFor
{
    /// <summary>A timed pause step.</summary>
    [JsonStringEnumMemberName("pause")]
    Pause,

    /// <summary>A running analysis.</summary>
    [JsonStringEnumMemberName("analysis")]
    Analysis,

    /// <summary>The cluster: ownership, workloads, a traffic change.</summary>
    [JsonStringEnumMemberName("readiness")]
    Readiness,

    /// <summary>A person.</summary>
    [JsonStringEnumMemberName("decision")]
    Decision,

    /// <summary>The hours in which the weight may be raised.</summary>
    [JsonStringEnumMemberName("schedule")]
    Schedule,
}

/// <summary>Where a rollout stands in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutStage>))]
public enum RolloutStage
{
    /// <summary>Claims the target and looks at the workloads.</summary>
    Preparing,

    /// <summary>Walks through the steps.</summary>
    Stepping,

    /// <summary>Gives the canary everything.</summary>
    Promoting,

    /// <summary>Takes everything from the canary.</summary>
    RollingBack,

    /// <summary>Gives the target free and closes the journal.</summary>
    Closing,

    /// <summary>Nothing left to do.</summary>
    Finished,
}

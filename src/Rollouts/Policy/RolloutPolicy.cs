using System.Text.Json.Serialization;

namespace Rollouts.Policy;

/// <summary>What Argo has no word for: what happens when the signal is not clear, and for how long a question stays open.</summary>
public sealed record RolloutPolicy
{
    /// <summary>The policy of a release that carries none.</summary>
    public static RolloutPolicy Default { get; } = new();

    /// <summary>
    /// Argo's own behaviour: an inconclusive analysis asks for ever, a provider error counts towards <c>consecutiveErrorLimit</c>,
    /// missing data is whatever the conditions make of it, an indefinite pause never ends by itself.
    /// </summary>
    public static RolloutPolicy Argo { get; } = new()
    {
        Compatibility = Compatibility.Argo,
        Inconclusive = new() { Action = UnclearAction.Ask },
        NoData = new() { Action = UnclearAction.Abort },
        Error = new() { Action = UnclearAction.Abort },
        Question = new() { OpenFor = null },
        Background = new() { StartOn = BackgroundStart.StartingStep },
    };

    /// <summary><c>argo</c> takes Argo's behaviour where a field below is not given. Default <c>none</c>.</summary>
    public Compatibility Compatibility { get; init; }

    /// <summary>The cluster of the release, by the name that the operator gave it. Null, the default, is the one that serves the namespace.</summary>
    public string? Cluster { get; init; }

    /// <summary>An analysis that neither succeeded nor failed. Default: ask.</summary>
    public UnclearPolicy Inconclusive { get; init; } = new() { Action = UnclearAction.Ask };

    /// <summary>A measurement without a value (an empty vector, or NaN only). Default: wait 10 minutes, then ask.</summary>
    public UnclearPolicy NoData { get; init; } = new() { Action = UnclearAction.Wait };

    /// <summary>A measurement that could not be taken. Default: wait 10 minutes, then ask.</summary>
    public UnclearPolicy Error { get; init; } = new() { Action = UnclearAction.Wait };

    /// <summary>What the first version of a workload goes through, when there is no stable one to compare it with. Null: no steps, as Argo does.</summary>
    public FirstDeploymentPolicy? FirstDeployment { get; init; }

    /// <summary>Who deploys what a Rollout's template says. Null: it is managed here.</summary>
    public WorkloadOwnership? Workloads { get; init; }

    /// <summary>How long people have to answer.</summary>
    public QuestionPolicy Question { get; init; } = new();

    /// <summary>When background analysis begins.</summary>
    public BackgroundPolicy Background { get; init => field = value ?? new(); } = new();

    /// <summary>How many requests a measurement needs; with fewer it has no data. Default: none are counted.</summary>
    public RequestMinimum? MinimumRequests { get; init; }

    /// <summary>What is different for some metrics. Default nothing.</summary>
    public IReadOnlyList<MetricPolicy> Metrics { get; init => field = value ?? []; } = [];

    /// <summary>When the weight may be raised. Default always.</summary>
    public RolloutSchedule? Schedule { get; init; }

    /// <summary>How long an attempt may take, waits for people included, until the canary has all traffic and has baked. Default for ever.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long the canary keeps all traffic before the rollout is promoted. Default not at all.</summary>
    public BakePolicy? Bake { get; init; }

    /// <summary>What to do when somebody else has changed the traffic. Default restore.</summary>
    public DriftAction Drift { get; init; }

    /// <summary>A check of the share of requests that the canary really gets. Default none.</summary>
    public WeightVerificationPolicy? WeightVerification { get; init; }

    /// <summary>Who may let the release go on. Default: whoever a channel lets in.</summary>
    public ApprovalPolicy? Approval { get; init; }

    /// <summary>Whom it tells. Default nobody.</summary>
    public NotifyPolicy? Notify { get; init; }
}

/// <summary>What to do when there is no verdict.</summary>
public sealed record UnclearPolicy
{
    /// <summary>Required in a manifest.</summary>
    public UnclearAction Action { get; init; }

    /// <summary>With <see cref="UnclearAction.Wait"/>: how long. Default 10 minutes.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>With <see cref="UnclearAction.Wait"/>: what follows the wait; not wait again. Default ask.</summary>
    public UnclearAction Then { get; init; } = UnclearAction.Ask;
}

/// <summary>How long a question stays open and what happens when nobody answers.</summary>
public sealed record QuestionPolicy
{
    /// <summary>Default 24 hours; null waits for ever.</summary>
    public TimeSpan? OpenFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Default abort; the only other value is continue.</summary>
    public UnclearAction OnExpiry { get; init; } = UnclearAction.Abort;
}

/// <summary>What to do without a clear signal.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UnclearAction>))]
public enum UnclearAction
{
    /// <summary>Hold the weight and ask a person.</summary>
    Ask,

    /// <summary>Hold the weight and go on measuring.</summary>
    Wait,

    /// <summary>Roll back.</summary>
    Abort,

    /// <summary>Go on as if the analysis had succeeded; the journal says so.</summary>
    Continue,
}

/// <summary>Whose behaviour fills the gaps of a policy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Compatibility>))]
public enum Compatibility
{
    /// <summary>This project's.</summary>
    None,

    /// <summary>Argo Rollouts'.</summary>
    Argo,
}

/// <summary>What the first version of a workload goes through.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FirstDeploymentPolicy>))]
public enum FirstDeploymentPolicy
{
    /// <summary>Nothing: it becomes the stable version at once.</summary>
    Skip,

    /// <summary>
    /// Pauses and analysis, with all traffic, because no other version could answer; weights have no meaning. It becomes the stable version when they are
    /// done; when they fail, its traffic and its pods are taken away and there is no version.
    /// </summary>
    Analyse,
}

/// <summary>Who deploys what a Rollout's template says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkloadOwnership>))]
public enum WorkloadOwnership
{
    /// <summary>The rollout.</summary>
    Managed,

    /// <summary>Somebody else, who has both versions there before the rollout begins; only traffic is shifted.</summary>
    External,
}

using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields of a RolloutPolicy.</summary>
internal static class PolicyFields
{
    private const string Kind = "RolloutPolicy";

    public static FieldSet Document { get; } = CommonFields.Document(Kind);

    public static FieldSet Metadata { get; } = CommonFields.Metadata(Kind);

    public static FieldSet Spec { get; } = new(Kind, "spec",
    [
        Supported("compatibility", "none or argo; argo takes Argo's behaviour where a field here is not given; default none"),
        Supported("cluster", "the cluster's name as the operator set it up; default the one that serves the namespace"),
        Supported("inconclusive", "what to do with an analysis that neither succeeded nor failed; default ask"),
        Supported("noData", "what to do with a measurement without a value; default wait 10m, then ask"),
        Supported("error", "what to do with a measurement that could not be taken; default wait 10m, then ask"),
        Supported("question", "how long a question stays open and what happens then"),
        Supported("firstDeployment", "skip or analyse; what the first version of a workload goes through; default skip"),
        Supported("workloads", "managed or external; external leaves a Rollout's template alone, because both versions are deployed by somebody else; default managed"),
        Supported("minimumRequests", "how many requests a measurement needs; with fewer it has no data"),
        Supported("metrics", "what is different for some metrics"),
        Supported("schedule", "when the weight may be raised; default always"),
        Supported("deadline", "how long an attempt may take, waits for people included; a Go duration or whole seconds; default for ever"),
        Supported("background", "when background analysis begins"),
        Supported("bake", "how long the canary keeps all traffic before the rollout is promoted; default not at all"),
        Supported("drift", "restore, adopt or ask: what to do when somebody else has changed the traffic; default restore"),
        Supported("weightVerification", "a check of the share of requests that the canary really gets; default none"),
        Supported("approval", "who may let the release go on; default whoever a channel lets in"),
        Supported("notify", "whom the release tells; default nobody"),
    ]);

    public static FieldSet Minimum { get; } = new(Kind, "spec.{minimumRequests,metrics[].minimumRequests,background.afterRequests}",
    [
        Supported("query", "required; PromQL that counts the canary's requests; arguments of the analysis may stand in it"),
        Supported("count", "required; a whole number of 1 or more"),
        Supported("address", "an http or https URL that the operator allows; without it the operator's default"),
    ]);

    public static FieldSet Metric { get; } = new(Kind, "spec.metrics[]",
    [
        Supported("name", "required; the metric's name"),
        Supported("noData", "what to do with a measurement of it without a value; default as for the others"),
        Supported("minimumRequests", "how many requests a measurement of it needs; default as for the others"),
    ]);

    public static FieldSet Schedule { get; } = new(Kind, "spec.schedule",
    [
        Supported("timeZone", "required; an IANA time zone, such as Europe/Berlin or UTC"),
        Supported("businessHours", "the only hours in which the weight is raised; default all of them"),
        Supported("freezes", "spans in which it is not raised"),
    ]);

    public static FieldSet Hours { get; } = new(Kind, "spec.schedule.businessHours[]",
    [
        Supported("days", "required; of Mon, Tue, Wed, Thu, Fri, Sat and Sun"),
        Supported("from", "required; \"HH:MM\""),
        Supported("to", "required; \"HH:MM\", up to \"24:00\""),
    ]);

    public static FieldSet Freeze { get; } = new(Kind, "spec.schedule.freezes[]",
    [
        Supported("from", "required; \"YYYY-MM-DD\" or \"YYYY-MM-DD HH:MM\", by the clocks of the time zone"),
        Supported("to", "required; the same: the first moment after it"),
        Supported("reason", "for people"),
    ]);

    public static FieldSet Unclear { get; } = new(Kind, "spec.{inconclusive,noData,error,metrics[].noData}",
    [
        Supported("action", "required; ask, wait, abort or continue (the action alone may stand for the object)"),
        Supported("for", "with wait: how long, a Go duration or whole seconds; default 10m"),
        Supported("then", "with wait: ask, abort or continue; default ask"),
    ]);

    public static FieldSet WeightVerification { get; } = new(Kind, "spec.weightVerification",
    [
        Supported("canary", "PromQL that counts the canary's requests over the window; default by the metrics of ingress-nginx"),
        Supported("total", "PromQL that counts all requests; goes with canary"),
        Supported("address", "the Prometheus that is asked; default the operator's"),
        Supported("window", "what is counted over, 15s to 1h; default 1m"),
        Supported("minimumRequests", "with fewer nothing is said; 10 or more, default 100"),
        Supported("for", "how long a share may be off before a person is asked; default 5m"),
    ]);

    public static FieldSet Approval { get; } = new(Kind, "spec.approval",
    [
        Supported("approvers", "who may approve; default whoever a channel lets in"),
        Supported("quorum", "how many different people have to; 1 to 10, default 1"),
        Supported("requesterMayApprove", "true or false; default true"),
        Supported("signIn", "true or false: whether the confirm page asks to sign in; default false"),
        Supported("abort", "anyone or approvers: who may abort and pause; default anyone"),
    ]);

    public static FieldSet Approvers { get; } = new(Kind, "spec.approval.approvers",
    [
        Supported("slackUsers", "Slack user ids, such as U012AB3CD"),
        Supported("slackGroups", "Slack user group ids, such as S0614TZR7"),
        Supported("entraUsers", "Entra object ids of people"),
        Supported("entraGroups", "Entra object ids of groups"),
        Supported("appRoles", "app roles of the Entra application"),
    ]);

    public static FieldSet Notify { get; } = new(Kind, "spec.notify",
    [
        Supported("channels", "required; names of channels that the operator has set up"),
        Supported("events", "of started, question and outcome; default question and outcome"),
        Supported("remindEvery", "how often an open question is told again, at least 1m; default never"),
        Supported("escalate", "who is told of a question that stays open"),
    ]);

    public static FieldSet Escalate { get; } = new(Kind, "spec.notify.escalate",
    [
        Supported("after", "required; how long the question is open before"),
        Supported("to", "required; names of channels that the operator has set up"),
    ]);

    public static FieldSet Question { get; } = new(Kind, "spec.question",
    [
        Supported("openFor", "a Go duration or whole seconds; forever or null never closes it; default 24h"),
        Supported("onExpiry", "abort or continue; default abort"),
    ]);

    public static FieldSet Background { get; } = new(Kind, "spec.background",
    [
        Supported("startOn", "canaryTraffic (once the canary has a weight above 0) or startingStep (as Argo); default canaryTraffic"),
        Supported("afterRequests", "how many requests the canary must have had; in the place of startOn"),
    ]);

    public static FieldSet Bake { get; } = new(Kind, "spec.bake",
    [
        Supported("for", "required; a Go duration or whole seconds"),
        Supported("analysis", "what is measured meanwhile beside the background analysis, as in an analysis step; a failure rolls back"),
    ]);
}

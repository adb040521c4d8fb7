using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// The labels that tell the pods of a rollout's roles apart, so that no role's Deployment or Service ever selects another's pods.
/// </summary>
/// <remarks>
/// Each role has a value of its own for <see cref="WorkloadLabels.Role"/>, in its selector and on its pods. A stable Deployment that somebody else made does
/// not select that label, and what it selects can't be changed. Then the pods of all other roles get another value for one of the labels that it does select
/// (<c>app: web</c> becomes <c>app: web-canary</c>): the stable Deployment, its pods and whatever selects them stay exactly as they are.
/// </remarks>
internal sealed class PodRoles
{
    private const int LongestValue = 63;

    /// <summary>The first of these that a selector has is the one whose value differs: the most particular first.</summary>
    private static readonly string[] TellingLabels = ["app.kubernetes.io/instance", "app", "name", "app.kubernetes.io/name"];

    private readonly IReadOnlyDictionary<string, string> selector;
    private readonly JsonObject? adopted;
    private readonly string? telling;

    private PodRoles(IReadOnlyDictionary<string, string> selector, JsonObject? adopted, string? telling) =>
        (this.selector, this.adopted, this.telling) = (selector, adopted, telling);

    /// <param name="target">Whose.</param>
    /// <param name="workload">Resolved.</param>
    /// <param name="stable">The stable Deployment as it is; null when there is none.</param>
    /// <exception cref="PortException">Kind Invalid: the stable Deployment selects what the release's pods don't carry, or what can't be told apart.</exception>
    public static PodRoles Of(TrafficTarget target, WorkloadSpec workload, JsonObject? stable)
    {
        IReadOnlyDictionary<string, string> wanted = workload.Selector ?? throw new InvalidOperationException("the workload is not resolved");
        JsonObject? live = stable?["spec"]?["selector"] as JsonObject;
        if (live is null || JsonObjectFields.Text(live["matchLabels"]?[WorkloadLabels.Role]) == WorkloadLabels.StableRole)
        {
            PodRoles own = new(wanted, null, null);
            own.Require(target, workload, live);
            return own;
        }

        List<string> keys = [.. JsonObjectFields.TextMap(live["matchLabels"]).Keys.Order(StringComparer.Ordinal)];
        string? telling = TellingLabels.FirstOrDefault(keys.Contains) ?? keys.FirstOrDefault();
        PodRoles roles = new(wanted, live, telling);
        roles.Require(target, workload, live);
        return roles;
    }

    /// <summary>Whether pods of other roles lack a label of the stable ones, so that what selects these does not select those.</summary>
    public bool SetsApart => telling is not null;

    /// <summary><c>matchLabels</c> of a role's Deployment that is made.</summary>
    public Dictionary<string, string> SelectorOf(string role) => With(role, selector);

    /// <summary>What the stable Deployment selects by equality: what it has, or what it is made with.</summary>
    public Dictionary<string, string> StableSelector =>
        adopted is null ? SelectorOf(WorkloadLabels.StableRole) : JsonObjectFields.TextMap(adopted["matchLabels"]);

    /// <summary>The labels of a role's pods.</summary>
    /// <param name="role">Whose.</param>
    /// <param name="template">The labels of the pod template.</param>
    public Dictionary<string, string> LabelsOf(string role, IReadOnlyDictionary<string, string> template) => With(role, template);

    /// <summary>The end of a label's value, so that it differs and still fits.</summary>
    public static string Suffixed(string value, string suffix)
    {
        string end = "-" + suffix;
        return value.Length + end.Length <= LongestValue ? value + end : value[..Math.Max(0, LongestValue - end.Length)].TrimEnd('-', '_', '.') + end;
    }

    private Dictionary<string, string> With(string role, IReadOnlyDictionary<string, string> labels)
    {
        Dictionary<string, string> with = new(labels, StringComparer.Ordinal) { [WorkloadLabels.Role] = role };
        if (telling is not null && role != WorkloadLabels.StableRole)
        {
            with[telling] = Suffixed(JsonObjectFields.Text(adopted!["matchLabels"]![telling])!, role);
        }

        return with;
    }

    private void Require(TrafficTarget target, WorkloadSpec workload, JsonObject? live)
    {
        if (live is null)
        {
            return;
        }

        Dictionary<string, string> template = PodTemplates.LabelsOf(PodTemplates.Read(workload));
        string subject = $"deployment `{target.RolloutName}` in namespace {target.Namespace}";
        if (!LabelSelectors.Selects(live, LabelsOf(WorkloadLabels.StableRole, template)))
        {
            throw new PortException(
                FailureKind.Invalid,
                $"{subject} selects {live.ToJsonString()}, which can't be changed and which the release's pods don't carry: give the template these labels, or delete the deployment");
        }

        if (LabelSelectors.Selects(live, LabelsOf(WorkloadLabels.CanaryRole, template)))
        {
            throw new PortException(
                FailureKind.Invalid,
                $"{subject} selects {live.ToJsonString()}, so that it would select the canary's pods, too: make it anew with a selector that has matchLabels");
        }
    }
}

using System.Text.Json.Serialization;

namespace Rollouts.Policy;

/// <summary>
/// Who may let a release go on, and how many have to. Checked by the machine when it acts upon a decision. Abort and pause are open to everybody whom a
/// channel lets in, because stopping a bad release must not wait for anybody; see <see cref="Abort"/>.
/// </summary>
public sealed record ApprovalPolicy
{
    /// <summary>Slack user ids such as <c>U012AB3CD</c>. Default none.</summary>
    public IReadOnlyList<string> SlackUsers { get; init; } = [];

    /// <summary>Slack user group ids such as <c>S0614TZR7</c>. Default none.</summary>
    public IReadOnlyList<string> SlackGroups { get; init; } = [];

    /// <summary>Entra object ids of people. Default none.</summary>
    public IReadOnlyList<string> EntraUsers { get; init; } = [];

    /// <summary>Entra object ids of groups. Default none.</summary>
    public IReadOnlyList<string> EntraGroups { get; init; } = [];

    /// <summary>App roles of the Entra application. Default none.</summary>
    public IReadOnlyList<string> AppRoles { get; init; } = [];

    /// <summary>How many different people have to approve. Default 1.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>Whether whoever asked for the release may approve it. Default true.</summary>
    public bool RequesterMayApprove { get; init; } = true;

    /// <summary>Whether a signed link is enough (false, the default) or the page asks to sign in first.</summary>
    public bool SignIn { get; init; }

    /// <summary>Who may abort and pause. Default anyone.</summary>
    public AbortBy Abort { get; init; }

    /// <summary>Whether approvers are named. If not, whoever a channel lets in may approve.</summary>
    [JsonIgnore]
    public bool NamesApprovers =>
        SlackUsers.Count + SlackGroups.Count + EntraUsers.Count + EntraGroups.Count + AppRoles.Count > 0;

    /// <summary>Whether a decision has to come from somebody whom a channel vouches for.</summary>
    [JsonIgnore]
    public bool NeedsActor => NamesApprovers || Quorum > 1 || !RequesterMayApprove;
}

/// <summary>Who may abort and pause.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AbortBy>))]
public enum AbortBy
{
    /// <summary>Everybody whom a channel lets in.</summary>
    Anyone,

    /// <summary>The approvers only, each alone.</summary>
    Approvers,
}

namespace Rollouts.Journal;

/// <summary>
/// Who decided, as the channel vouches for them. It stands in the decision, cut down to what the release's policy asks about, so that authority is checked
/// when the decision is acted upon, by what was known when it was taken.
/// </summary>
public sealed record Actor
{
    /// <summary>A Slack user.</summary>
    public const string Slack = "slack";

    /// <summary>A person or a program that signed in with Entra.</summary>
    public const string Entra = "entra";

    /// <summary>Required. Who vouches: <see cref="Slack"/> or <see cref="Entra"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>Required. The provider's own id, which never changes: a Slack user id, an Entra object id. Never a name.</summary>
    public required string Id { get; init; }

    /// <summary>The Slack team, or the Entra tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The mail address as the provider knows it, to compare with whoever asked for the release. Default: not known.</summary>
    public string? Mail { get; init; }

    /// <summary>Those groups that the policy names and that the actor is in: Slack user groups, Entra groups. Default none.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Those app roles that the policy names and that the actor has. Default none.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];
}

namespace Rollouts.Policy;

/// <summary>
/// What the operator says of the environment that a release goes to. It is added to the release when it starts, and holds beside the release's own policy:
/// a release can ask for more approval, never for less.
/// </summary>
public sealed record ReleaseEnvironment
{
    /// <summary>Required. For instance <c>production</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Default: nothing beyond the release's own policy.</summary>
    public ApprovalPolicy? Approval { get; init; }
}

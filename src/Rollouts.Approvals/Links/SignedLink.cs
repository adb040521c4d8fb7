namespace Rollouts.Approvals.Links;

/// <summary>What a signed link says. It proves which question it is for, and not who holds it.</summary>
/// <param name="Rollout">The rollout's id.</param>
/// <param name="Gate">The question's id.</param>
/// <param name="Purpose">What it is good for: one of <see cref="LinkPurpose"/>.</param>
/// <param name="ExpiresAt">Until when, to the second.</param>
/// <param name="Nonce">Makes each link different; the decision that comes over it has it in its id.</param>
public sealed record SignedLink(string Rollout, string Gate, string Purpose, DateTimeOffset ExpiresAt, string Nonce);

/// <summary>What links are good for.</summary>
public static class LinkPurpose
{
    /// <summary>The page that shows the question and takes either answer.</summary>
    public const string Ask = "ask";

    /// <summary>A button that lets the rollout go on.</summary>
    public const string Promote = "promote";

    /// <summary>A button that rolls back.</summary>
    public const string Abort = "abort";

    /// <summary>The picture of the measurements.</summary>
    public const string Chart = "chart";
}

/// <summary>What became of reading a link.</summary>
/// <param name="Outcome">Whether it may be used.</param>
/// <param name="Link">What it says; null when it is not genuine.</param>
public sealed record LinkReading(LinkOutcome Outcome, SignedLink? Link);

/// <summary>Whether a link may be used.</summary>
public enum LinkOutcome
{
    /// <summary>It may.</summary>
    Good,

    /// <summary>It was not signed here, or was changed.</summary>
    NotGenuine,

    /// <summary>It was good once.</summary>
    Expired,
}

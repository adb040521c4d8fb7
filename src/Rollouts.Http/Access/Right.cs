namespace Rollouts.Http.Access;

/// <summary>What a caller may do. Whoever may start or decide may read too.</summary>
public enum Right
{
    /// <summary>See rollouts, their journals and the ledger.</summary>
    Read,

    /// <summary>Start a release.</summary>
    Start,

    /// <summary>Promote, pause, abort …, and judge what has ended.</summary>
    Decide,
}

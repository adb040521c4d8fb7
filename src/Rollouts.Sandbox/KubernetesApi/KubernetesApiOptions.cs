namespace Rollouts.Sandbox.KubernetesApi;

/// <summary>How a <see cref="KubernetesApiServer"/> is started.</summary>
public sealed record KubernetesApiOptions
{
    /// <summary>The port on 127.0.0.1. Default: 0, any free port.</summary>
    public int Port { get; init; }

    /// <summary>Resource types served beside <see cref="KubernetesKinds.BuiltIn"/>, for instance custom resources. Default: none.</summary>
    public IReadOnlyList<KubernetesKind> Kinds { get; init; } = [];

    /// <summary>
    /// Bearer tokens and who holds them. A holder may do what Role, ClusterRole and binding objects allow, and members of
    /// <c>system:masters</c> everything; any other token is answered 401. Whether someone may give away rights is not checked.
    /// Default: none, and then everyone may do everything.
    /// </summary>
    public IReadOnlyDictionary<string, KubernetesUser> Tokens { get; init; } = new Dictionary<string, KubernetesUser>();

    /// <summary>How often a watch that asked for bookmarks gets one. Default: one minute, as the real server does.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many changes are remembered; a watch from before them is answered 410. Default: 10,000.</summary>
    public int WatchHistory { get; init; } = 10_000;

    /// <summary>The clock of creation times and watches. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>The holder of a bearer token.</summary>
/// <param name="Name">The user name that role bindings and messages use.</param>
/// <param name="Groups">Groups of the user; <c>system:authenticated</c> is added.</param>
public sealed record KubernetesUser(string Name, params IReadOnlyList<string> Groups);

using System.ComponentModel.DataAnnotations;

namespace Rollouts.Http.Access;

/// <summary>The roles that give rights: app roles of the Entra application, assigned to people, groups, and the identities of pipelines.</summary>
public sealed record AccessRoles
{
    /// <summary>May read. Default <c>rollouts.read</c>.</summary>
    [Required]
    public string Read { get; init; } = "rollouts.read";

    /// <summary>May start releases, and read. Default <c>rollouts.start</c>.</summary>
    [Required]
    public string Start { get; init; } = "rollouts.start";

    /// <summary>May decide and judge, and read. Default <c>rollouts.decide</c>.</summary>
    [Required]
    public string Decide { get; init; } = "rollouts.decide";

    /// <summary>The roles of which one is enough.</summary>
    public IReadOnlyList<string> For(Right right) => right switch
    {
        Right.Read => [Read, Start, Decide],
        Right.Start => [Start],
        _ => [Decide],
    };
}

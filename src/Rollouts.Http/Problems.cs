using Microsoft.AspNetCore.Http;
using Rollouts.Manifests;

namespace Rollouts.Http;

/// <summary>Answers for what went wrong, as RFC 9457 problem details.</summary>
internal static class Problems
{
    public static IResult Of(int status, string title, string? detail) => Results.Problem(detail, statusCode: status, title: title);

    public static IResult NotFound(string id) => Of(StatusCodes.Status404NotFound, "No such rollout", $"there is no rollout {id}");

    public static IResult OfOwner(string target, string? owner, string? reason = null) => Results.Problem(
        reason ?? $"{target} is owned by rollout {owner ?? "of another engine"}; wait for it to end, or abort it",
        statusCode: StatusCodes.Status409Conflict,
        title: "Another rollout owns the target",
        extensions: new Dictionary<string, object?> { ["owner"] = owner });

    public static IResult OfManifest(IReadOnlyList<ManifestProblem> problems) => Results.Problem(
        string.Join('\n', problems.Select(p => p.ToString())),
        statusCode: StatusCodes.Status400BadRequest,
        title: "The release has problems",
        extensions: new Dictionary<string, object?>
        {
            ["problems"] = problems.Select(p => new Dictionary<string, object?>
            {
                ["file"] = p.File,
                ["line"] = p.Line,
                ["path"] = p.Path,
                ["severity"] = p.Severity == ProblemSeverity.Error ? "error" : "warning",
                ["message"] = p.Message,
            }).ToArray(),
        });
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Cli.Remote;

/// <summary>What a server says of a request that it refuses, for the person who sent it.</summary>
internal static class RemoteProblem
{
    private const int MostCharacters = 4000;

    /// <param name="response">The refusal.</param>
    /// <param name="manifests">What was posted, whose problems then name the files; null for other requests.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<InvalidInputException> ReadAsync(
        HttpResponseMessage response, JoinedManifests? manifests, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new InvalidInputException("401: the server's token or key is missing or wrong; give it with --key, or in $ROLLOUTS_KEY") { IsKeyRefused = true };
        }

        if ((int)response.StatusCode is >= 300 and < 400)
        {
            return new InvalidInputException(
                $"{(int)response.StatusCode}: the server sends elsewhere to sign in ({response.Headers.Location}); give a token with --key, or in $ROLLOUTS_KEY");
        }

        JsonNode? problem = Parse(text);
        if (manifests is not null && problem?["problems"] is JsonArray { Count: > 0 } problems)
        {
            return new InvalidInputException(string.Join(
                '\n', problems.Deserialize(RolloutJson.Default.IReadOnlyListManifestProblem)!.Select(p => Located(p, manifests))));
        }

        string detail = (problem?["detail"] as JsonValue)?.ToString() ?? (text.Length > MostCharacters ? text[..MostCharacters] + "…" : text);
        return new InvalidInputException(detail.Length > 0 ? detail : $"{(int)response.StatusCode} {response.ReasonPhrase}");
    }

    private static ManifestProblem Located(ManifestProblem problem, JoinedManifests manifests)
    {
        (string file, int line) = manifests.Locate(problem.Line);
        return problem with { File = file, Line = line };
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // A gateway's page, not a problem of ours: it is shown as it came.
            return null;
        }
    }
}

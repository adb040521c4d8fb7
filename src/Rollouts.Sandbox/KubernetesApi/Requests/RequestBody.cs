using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>The body of a call, read whole.</summary>
internal sealed record RequestBody(string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <exception cref="ApiFailure">413 for a body over <see cref="ApiJson.BodyLimit"/>.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest http, string mediaType, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await http.Body.ReadAsync(chunk, cancellation) is > 0 and var read)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > ApiJson.BodyLimit)
            {
                throw ApiFailure.TooLarge(ApiJson.BodyLimit);
            }
        }

        return new(mediaType, buffer.ToArray());
    }

    /// <summary>The body of a create or update.</summary>
    /// <exception cref="ApiFailure">415 for anything but JSON.</exception>
    public ReadOnlySpan<byte> Json() => MediaType is "" or "application/json"
        ? Bytes.Span
        : throw ApiFailure.UnsupportedMediaType("application/json");

    /// <summary>The body of a deletion, which may be empty.</summary>
    public JsonObject DeleteOptions()
    {
        if (Bytes.IsEmpty)
        {
            return [];
        }

        try
        {
            return ApiJson.Parse(Bytes.Span) as JsonObject ?? [];
        }
        catch (JsonException e)
        {
            throw ApiFailure.BadRequest($"couldn't get version/kind; json parse error: {e.Message}");
        }
    }
}

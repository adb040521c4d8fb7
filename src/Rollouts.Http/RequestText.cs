using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rollouts.Http;

/// <summary>Reads a request's body as text, up to a bound.</summary>
internal static class RequestText
{
    /// <summary>One byte more than the reader of manifests takes, so that its own, better message is the one given.</summary>
    public const int MostReleaseBytes = (1024 * 1024) + 1;

    public const int MostDecisionBytes = 64 * 1024;

    /// <returns>The text; null when it is larger than <paramref name="mostBytes"/>.</returns>
    public static async Task<string?> ReadAsync(HttpContext http, int mostBytes) =>
        await ReadBytesAsync(http, mostBytes).ConfigureAwait(false) is { } body ? Encoding.UTF8.GetString(body) : null;

    /// <returns>The body as it came; null when it is larger than <paramref name="mostBytes"/>.</returns>
    public static async Task<byte[]?> ReadBytesAsync(HttpContext http, int mostBytes)
    {
        if (http.Request.ContentLength > mostBytes)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        byte[] chunk = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > mostBytes)
            {
                return null;
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }
}

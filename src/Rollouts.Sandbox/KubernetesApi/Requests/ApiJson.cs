using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>Reading bodies and writing answers.</summary>
internal static class ApiJson
{
    /// <summary>Bodies may be as large as etcd takes them by default through the real server.</summary>
    public const int BodyLimit = 3 * 1024 * 1024;

    public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> body) => JsonNode.Parse(body, documentOptions: Reading);

    /// <summary>One line.</summary>
    public static byte[] Write(JsonNode node) => [.. JsonSerializer.SerializeToUtf8Bytes(node, Relaxed), (byte)'\n'];
}

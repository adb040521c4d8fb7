using System.Text.Json;
using System.Text.Json.Serialization;
using Rollouts.Ledger;

namespace Rollouts.Http;

/// <summary>The body of a judgement. An unknown member is refused by name.</summary>
internal sealed record JudgementRequest
{
    [JsonRequired]
    public Verdict Verdict { get; init; }

    /// <summary>Who judges, where the host does not know better.</summary>
    public string? By { get; init; }

    public string? Reason { get; init; }

    public static bool TryRead(string text, out JudgementRequest request, out string? problem)
    {
        request = new JudgementRequest();
        problem = null;
        try
        {
            request = JsonSerializer.Deserialize(text, JudgementRequestJson.Default.JudgementRequest) ?? throw new JsonException("nothing.");
        }
        catch (JsonException invalid)
        {
            problem = $"line {invalid.LineNumber + 1}: {invalid.Path}: {invalid.Message} Needed is verdict (right or wrong); allowed are by and reason.";
            return false;
        }

        problem = request switch
        {
            { By: { Length: 0 or > 200 } } => "by: must have 1 to 200 characters",
            { Reason: { Length: 0 or > 2000 } } => "reason: must have 1 to 2000 characters",
            _ => null,
        };
        return problem is null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(JudgementRequest))]
internal sealed partial class JudgementRequestJson : JsonSerializerContext;

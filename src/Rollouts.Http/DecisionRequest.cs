using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollouts.Http;

/// <summary>The body of a command. Every member is optional; an unknown one is refused by name.</summary>
internal sealed record DecisionRequest
{
    /// <summary>The greatest length of a decision's id, in characters.</summary>
    public const int LongestId = 200;

    /// <summary>Makes the command idempotent; default the <c>Idempotency-Key</c> header, else a random one.</summary>
    public string? Id { get; init; }

    /// <summary>Who decides, where the host does not know better.</summary>
    public string? By { get; init; }

    public string? Reason { get; init; }

    /// <summary>The question that is answered; default whatever is open.</summary>
    public string? Question { get; init; }

    /// <summary>With <c>retry</c>: the step to begin at, from 0; default 0.</summary>
    public int? FromStep { get; init; }

    public static bool TryRead(string text, out DecisionRequest request, out string? problem)
    {
        request = new DecisionRequest();
        problem = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        try
        {
            request = JsonSerializer.Deserialize(text, DecisionRequestJson.Default.DecisionRequest) ?? request;
        }
        catch (JsonException invalid)
        {
            problem = $"line {invalid.LineNumber + 1}: {invalid.Path}: {invalid.Message} Allowed are id, by, reason and question, all texts, and fromStep, a whole number.";
            return false;
        }

        problem = new[] { (nameof(Id), request.Id, LongestId), (nameof(By), request.By, 200), (nameof(Reason), request.Reason, 2000), (nameof(Question), request.Question, 50) }
            .Where(f => f.Item2 is { } value && (value.Length > f.Item3 || value.Length == 0))
            .Select(f => $"{f.Item1.ToLowerInvariant()}: must have 1 to {f.Item3} characters")
            .FirstOrDefault();
        return problem is null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DecisionRequest))]
internal sealed partial class DecisionRequestJson : JsonSerializerContext;

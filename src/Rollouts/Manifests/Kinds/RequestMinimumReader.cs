using Rollouts.Analysis;
using Rollouts.Manifests.Fields;
using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads how many requests are needed.</summary>
internal static class RequestMinimumReader
{
    public static RequestMinimum? Read(FieldReader owner, string field)
    {
        if (owner.Object(field, PolicyFields.Minimum) is not { } reader)
            return null;
        string? query = reader.Require("query", "PromQL that counts the canary's requests") ? reader.Text("query") : null;
        if (query is not null && string.IsNullOrWhiteSpace(query))
            reader.Problems.Error(reader.At("query"), "is required: PromQL that counts the canary's requests; found an empty text");
        long? count = reader.Require("count", "how many") ? reader.Integer("count", 1, int.MaxValue) : null;
        string? address = reader.Text("address");
        if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
            reader.Problems.Error(reader.At("address"), "must be an http or https URL without user name and password");
        return new RequestMinimum { Query = new PrometheusQuery { Query = query ?? "", Address = address }, Count = count ?? 1 };
    }
}

using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Ownership;

/// <summary>Who writes fields: a manager and how it does it.</summary>
internal sealed record Owner(string Manager, string Operation, string ApiVersion, string Subresource)
{
    /// <summary>As a conflict names it.</summary>
    public string Shown => Operation == "Update" ? $"\"{Manager}\" using {ApiVersion}" : $"\"{Manager}\"";
}

/// <summary>What an owner owns, since when.</summary>
internal sealed record Claim(FieldSet Fields, string Time);

/// <summary>The <c>managedFields</c> of an object.</summary>
internal static class ManagedFields
{
    private const string Field = "managedFields";

    public static Dictionary<Owner, Claim> Read(JsonObject? value)
    {
        var claims = new Dictionary<Owner, Claim>();
        foreach (var entry in (value?["metadata"]?[Field] as JsonArray ?? []).OfType<JsonObject>())
        {
            var owner = new Owner(Text(entry, "manager"), Text(entry, "operation"), Text(entry, "apiVersion"), Text(entry, "subresource"));
            if (owner.Operation.Length > 0)
            {
                claims[owner] = new(FieldSet.Read(entry["fieldsV1"] as JsonObject ?? []), Text(entry, "time"));
            }
        }

        return claims;
    }

    /// <summary>Whether a caller sent the one empty entry that means: forget them.</summary>
    public static bool IsReset(JsonObject value) => value["metadata"]?[Field] is JsonArray { Count: 1 } entries && entries[0] is JsonObject { Count: 0 };

    public static void Write(JsonObject value, IReadOnlyDictionary<Owner, Claim> claims)
    {
        var entries = claims.Where(c => !c.Value.Fields.IsEmpty)
            .OrderBy(c => c.Key.Operation, StringComparer.Ordinal)
            .ThenBy(c => c.Value.Time, StringComparer.Ordinal)
            .ThenBy(c => c.Key.Manager, StringComparer.Ordinal)
            .ThenBy(c => c.Key.Subresource, StringComparer.Ordinal)
            .Select(c => Entry(c.Key, c.Value)).ToArray();
        value.Metadata().Remove(Field);
        if (entries.Length > 0)
        {
            value.Metadata()[Field] = new JsonArray(entries);
        }
    }

    public static void Clear(JsonObject value) => (value["metadata"] as JsonObject)?.Remove(Field);

    private static JsonObject Entry(Owner owner, Claim claim)
    {
        var entry = new JsonObject
        {
            ["manager"] = owner.Manager,
            ["operation"] = owner.Operation,
            ["apiVersion"] = owner.ApiVersion,
            ["time"] = claim.Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = claim.Fields.Write(),
        };
        if (owner.Subresource.Length > 0)
        {
            entry["subresource"] = owner.Subresource;
        }

        return entry;
    }

    private static string Text(JsonObject entry, string field) => (string?)entry[field] ?? "";
}

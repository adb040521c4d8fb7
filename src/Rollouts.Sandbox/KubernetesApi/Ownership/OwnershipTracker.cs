using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using Rollouts.Sandbox.KubernetesApi.Storage;
using Rollouts.Sandbox.KubernetesApi.Writing;

namespace Rollouts.Sandbox.KubernetesApi.Ownership;

/// <summary>Keeps <c>managedFields</c> and merges what server-side apply sends.</summary>
internal sealed class OwnershipTracker(TimeProvider time)
{
    // Bookkeeping belongs to the server.
    private static readonly string[] Unowned =
    [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
        "deletionTimestamp", "deletionGracePeriodSeconds",
    ];

    private static readonly FieldSet Metadata = FieldSet.Empty.With("f:metadata", FieldSet.Empty.AsMember());

    /// <summary>Gives the fields that a create, update or patch changed to the caller; whoever owned them loses them.</summary>
    public void Update(ApiRequest request, JsonObject? live, JsonObject value)
    {
        var schema = ObjectReader.SchemaOf(request.Kind);
        var claims = ManagedFields.IsReset(value) ? [] : Claims(live, schema);
        if (live is not null && claims.Count == 0)
        {
            // An object that is not tracked stays so until someone applies to it.
            ManagedFields.Clear(value);
            return;
        }

        var differences = FieldSets.Compare(Ownable(live ?? Nothing(value)), Ownable(value), schema);
        var owner = Caller(request, "Update");
        foreach (var (other, claim) in claims.Where(c => c.Key != owner).ToList())
        {
            claims[other] = claim with { Fields = claim.Fields.Except(differences.Written).Except(differences.Removed) };
        }

        var former = claims.GetValueOrDefault(owner);
        var fields = (former?.Fields ?? FieldSet.Empty).Union(differences.Written).Except(differences.Removed);
        claims[owner] = new(fields, former is not null && former.Fields.SetEquals(fields) ? former.Time : Timestamps.Format(time.GetUtcNow()));
        ManagedFields.Write(value, claims);
    }

    /// <summary>Merges a configuration into the live object, and removes what its manager applied before and does no longer.</summary>
    /// <exception cref="ApiFailure">409 when another manager owns a field that it would change, unless forced.</exception>
    public JsonObject Apply(ApiRequest request, JsonObject live, JsonObject configuration, bool force)
    {
        var schema = ObjectReader.SchemaOf(request.Kind);
        var claims = Claims(live, schema);
        var before = live.Copy();
        ManagedFields.Clear(before);
        if (live.Count > 0 && claims.Count == 0)
        {
            var present = FieldSets.Compare(Ownable(Nothing(live)), Ownable(live), schema).Added;
            claims[new("before-first-apply", "Update", request.Kind.ApiVersion, "")] = new(present, Timestamps.Format(time.GetUtcNow()));
        }

        var owner = Caller(request, "Apply");
        var former = claims.GetValueOrDefault(owner);
        var mine = FieldSets.Of(Ownable(configuration), schema).Except(Metadata);
        claims[owner] = new(mine, former?.Time ?? "");

        var merged = FieldSets.Merge(before, configuration, schema)!;
        var result = (JsonObject)Prune(merged, former?.Fields ?? FieldSet.Empty, claims.Values, schema);
        var differences = FieldSets.Compare(Ownable(before), Ownable(result), schema);
        Settle(claims, owner, differences, force);
        var changed = former is null || !former.Fields.SetEquals(mine) || !differences.IsNone;
        claims[owner] = new(mine, changed ? Timestamps.Format(time.GetUtcNow()) : former!.Time);
        ManagedFields.Write(result, claims);
        return result;
    }

    private static Dictionary<Owner, Claim> Claims(JsonObject? live, Schema schema) => ManagedFields.Read(live).ToDictionary(
        c => c.Key, c => c.Value with { Fields = FieldSets.Expand(c.Value.Fields, live is null ? null : Ownable(live), schema) });

    private static void Settle(Dictionary<Owner, Claim> claims, Owner owner, Differences differences, bool force)
    {
        var others = claims.Where(c => c.Key != owner).ToList();
        var conflicts = others.SelectMany(c => c.Value.Fields.Intersect(differences.Written).Paths().Select(path => (c.Key.Shown, path))).ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw ApiFailure.ApplyConflict(conflicts);
        }

        foreach (var (other, claim) in others)
        {
            claims[other] = claim with { Fields = claim.Fields.Except(differences.Written).Except(differences.Removed) };
        }
    }

    // Removed is what the manager applied last time and nobody claims now. Whatever hangs below it and was never applied by it stays.
    private static JsonNode Prune(JsonNode merged, FieldSet last, IEnumerable<Claim> claims, Schema schema)
    {
        if (last.IsEmpty)
        {
            return merged;
        }

        var claimed = claims.Aggregate(FieldSet.Empty, (all, claim) => all.Union(claim.Fields));
        var all = FieldSets.Of(merged, schema);
        var without = FieldSets.Remove(merged, last, schema);
        var owned = FieldSets.Remove(merged, all.Except(FieldSets.Of(without, schema).Union(claimed)), schema);
        var gone = all.Except(FieldSets.Of(owned, schema)).Intersect(last);
        return FieldSets.Remove(merged, gone, schema) ?? new JsonObject();
    }

    private static Owner Caller(ApiRequest request, string operation) => new(
        request.FieldManager.Length > 0 ? request.FieldManager : "unknown", operation, request.Kind.ApiVersion, request.Subresource);

    private static JsonObject Ownable(JsonObject value)
    {
        var copy = value.Copy();
        copy.Remove("apiVersion");
        copy.Remove("kind");
        foreach (var field in Unowned)
        {
            copy.Metadata().Remove(field);
        }

        return copy;
    }

    // The parts that every object has are nobody's, only what is in them; the status of a new object is the server's.
    private static JsonObject Nothing(JsonObject value)
    {
        var nothing = new JsonObject();
        foreach (var (name, child) in value)
        {
            if (child is JsonObject && name is "metadata" or "spec" or "status")
            {
                nothing[name] = name == "status" ? child!.DeepClone() : new JsonObject();
            }
        }

        return nothing;
    }
}

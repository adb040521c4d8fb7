using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Kinds;
using Rollouts.Sandbox.KubernetesApi.Ownership;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>Creates and updates objects: one write after another, each checked against what is stored at that moment.</summary>
internal sealed class ObjectWriter(ObjectStore store, OwnershipTracker ownership, NamespaceLifecycle namespaces, TimeProvider time)
{
    public JsonObject Create(ApiRequest request, JsonObject value) => store.Write(() =>
    {
        Preconditions.TakeNamespace(request, value);
        return Add(request, value, settled: false);
    });

    /// <summary>Replaces an object or its status.</summary>
    /// <param name="request">The call.</param>
    /// <param name="change">What becomes of the stored object.</param>
    /// <param name="mayCreate">Throws when the caller may not create what is missing.</param>
    public (JsonObject Value, bool Created) Update(ApiRequest request, Change change, Action mayCreate) => store.Write(() =>
    {
        var current = store.Find(request.Kind, request.StoredNamespace, request.Name);
        if (current is null && !change.CreatesMissing)
        {
            throw ApiFailure.NotFound(request.Kind, request.Name);
        }

        var value = change.Make(current?.Copy());
        Preconditions.TakeNamespace(request, value);
        Preconditions.RequireName(request, value);
        if (current is null)
        {
            mayCreate();
            return (Add(request, value, change.SettlesOwnership), true);
        }

        Preconditions.RequireSameObject(request, value, current);
        Preconditions.RequireSameVersion(request.Kind, value, current);
        Bookkeeping.Keep(request, value, current);
        KindRules.For(request.Kind).SetDefaults(value, current);
        Validate(request.Kind, value, current);
        Bookkeeping.CountGeneration(request.Kind, value, current);
        if (!change.SettlesOwnership)
        {
            ownership.Update(request, current, value);
        }

        return (Replace(request, value, current), false);
    });

    private JsonObject Add(ApiRequest request, JsonObject value, bool settled)
    {
        var kind = request.Kind;
        if (value.Name().Length == 0 && (string?)value.Metadata()["generateName"] is { Length: > 0 } prefix)
        {
            value.Metadata()["name"] = Identifiers.NameAfter(prefix);
        }

        Preconditions.RequireNamespace(store, kind, value);
        if (value.ResourceVersion().Length > 0)
        {
            throw ApiFailure.Internal("resourceVersion should not be set on objects to be created");
        }

        Bookkeeping.Begin(kind, value, time.GetUtcNow());
        KindRules.For(kind).SetDefaults(value, null);
        Validate(kind, value, null);
        if (!settled)
        {
            ownership.Update(request, null, value);
        }

        if (store.Find(kind, value.Namespace(), value.Name()) is not null)
        {
            throw ApiFailure.AlreadyExists(kind, value.Name());
        }

        return request.DryRun ? value : store.Put(kind, value);
    }

    private JsonObject Replace(ApiRequest request, JsonObject value, JsonObject current)
    {
        // An update that changes nothing is no write.
        if (JsonNode.DeepEquals(value, current) || request.DryRun)
        {
            return value;
        }

        if (!current.IsDeleting() || value.Finalizers().Count > 0)
        {
            return store.Put(request.Kind, value);
        }

        if (request.Kind == KubernetesKinds.Namespace)
        {
            store.Put(request.Kind, value);
            namespaces.Finish(value.Name());
        }
        else
        {
            store.Remove(request.Kind, current);
            namespaces.Finish(value.Namespace());
        }

        return value;
    }

    private static void Validate(KubernetesKind kind, JsonObject value, JsonObject? old)
    {
        var errors = new List<FieldError>();
        MetadataRules.Validate(kind, value, old, errors);
        KindRules.For(kind).Validate(value, old, errors);
        if (errors.Count > 0)
        {
            throw ApiFailure.Invalid(kind, value.Name(), errors);
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Kinds;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>Creates and updates objects: bookkeeping of the metadata, defaults, validation, conflicts.</summary>
internal sealed class ObjectWriter(ObjectStore store, TimeProvider time)
{
    /// <summary>Creates an object.</summary>
    public JsonObject Create(ApiRequest request, JsonObject value) => store.Write(() =>
    {
        var kind = request.Kind;
        var metadata = value.Metadata();
        TakeNamespace(request, value);
        if (value.Name().Length == 0 && (string?)metadata["generateName"] is { Length: > 0 } prefix)
        {
            metadata["name"] = Identifiers.NameAfter(prefix);
        }

        RequireNamespace(kind, value);
        if (value.ResourceVersion().Length > 0)
        {
            throw ApiFailure.Internal("resourceVersion should not be set on objects to be created");
        }

        metadata["uid"] = Identifiers.Uid();
        metadata["creationTimestamp"] = Timestamps.Format(time.GetUtcNow());
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        metadata.Remove("generation");
        if (kind.HasGeneration)
        {
            metadata["generation"] = 1L;
        }

        if (kind.HasStatus)
        {
            value.Remove("status");
        }

        KindRules.For(kind).SetDefaults(value, null);
        Validate(kind, value, null);
        if (store.Find(kind, value.Namespace(), value.Name()) is not null)
        {
            throw ApiFailure.AlreadyExists(kind, value.Name());
        }

        return request.DryRun ? value : store.Put(kind, value);
    });

    /// <summary>Replaces an object, or its status only.</summary>
    /// <param name="request">The call.</param>
    /// <param name="change">Gives the new object from the stored one.</param>
    public (JsonObject Value, bool Created) Update(ApiRequest request, Func<JsonObject?, JsonObject> change) => store.Write(() =>
    {
        var kind = request.Kind;
        var current = store.Find(kind, NamespaceKey(request), request.Name);
        var value = change(current?.Copy());
        TakeNamespace(request, value);
        if (value.Name() != request.Name)
        {
            throw ApiFailure.BadRequest($"the name of the object ({value.Name()}) does not match the name on the URL ({request.Name})");
        }

        if (current is null)
        {
            throw ApiFailure.NotFound(kind, request.Name);
        }

        RequireSameObject(request, value, current);
        RequireSameVersion(kind, value, current);
        KeepBookkeeping(request, value, current);
        KindRules.For(kind).SetDefaults(value, current);
        Validate(kind, value, current);
        CountGeneration(kind, value, current);
        return (Store(request, value, current), false);
    });

    /// <summary>A namespace is its own key in the authorizer's eyes only.</summary>
    public static string NamespaceKey(ApiRequest request) => request.Kind.Namespaced ? request.Namespace : "";

    private JsonObject Store(ApiRequest request, JsonObject value, JsonObject current)
    {
        if (JsonNode.DeepEquals(value, current) || request.DryRun)
        {
            return value;
        }

        if (current.IsDeleting() && value.Finalizers().Count == 0)
        {
            store.Remove(request.Kind, current);
            return value;
        }

        return store.Put(request.Kind, value);
    }

    private void RequireNamespace(KubernetesKind kind, JsonObject value)
    {
        if (!kind.Namespaced)
        {
            return;
        }

        var ns = store.Find(KubernetesKinds.Namespace, "", value.Namespace())
            ?? throw ApiFailure.NotFound(KubernetesKinds.Namespace, value.Namespace());
        if (ns.IsDeleting())
        {
            throw ApiFailure.Forbidden(
                kind, value.Name(), $"unable to create new content in namespace {value.Namespace()} because it is being terminated");
        }
    }

    private static void TakeNamespace(ApiRequest request, JsonObject value)
    {
        var given = value.Namespace();
        var asked = NamespaceKey(request);
        if (given.Length > 0 && given != asked)
        {
            throw ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (asked.Length > 0)
        {
            value.Metadata()["namespace"] = asked;
        }
    }

    // A patch that changes the uid is an invalid object instead: it was made from the one that is stored.
    private static void RequireSameObject(ApiRequest request, JsonObject value, JsonObject current)
    {
        if (request.Verb == "update" && value.Uid().Length > 0 && value.Uid() != current.Uid())
        {
            throw ApiFailure.Conflict(
                request.Kind, request.Name, $"Precondition failed: UID in precondition: {value.Uid()}, UID in object meta: {current.Uid()}");
        }
    }

    private static void RequireSameVersion(KubernetesKind kind, JsonObject value, JsonObject current)
    {
        var given = value.ResourceVersion();
        if (given.Length > 0 && !ulong.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw ApiFailure.Internal($"strconv.ParseUint: parsing \"{given}\": invalid syntax");
        }

        if (given is "" or "0")
        {
            if (!kind.UnconditionalUpdate)
            {
                throw ApiFailure.Invalid(
                    kind, value.Name(), [FieldError.Invalid("metadata.resourceVersion", 0, "must be specified for an update")]);
            }
        }
        else if (given != current.ResourceVersion())
        {
            throw ApiFailure.Modified(kind, value.Name());
        }
    }

    // What only the server writes stays as it is stored, whatever the caller sent.
    private static void KeepBookkeeping(ApiRequest request, JsonObject value, JsonObject current)
    {
        var (metadata, stored) = (value.Metadata(), current.Metadata());
        foreach (var field in (string[])["resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"])
        {
            metadata.Take(field, stored);
        }

        if (metadata["uid"] is null)
        {
            metadata.Take("uid", stored);
        }

        if (request.IsStatus)
        {
            foreach (var field in current.Select(c => c.Key).Union(value.Select(v => v.Key)).ToList())
            {
                if (field is not ("metadata" or "status"))
                {
                    value.Take(field, current);
                }
            }
        }
        else if (request.Kind.HasStatus)
        {
            value.Take("status", current);
        }
    }

    private static void CountGeneration(KubernetesKind kind, JsonObject value, JsonObject current)
    {
        var changed = !JsonNode.DeepEquals(value["spec"], current["spec"]) || KindRules.For(kind).BumpsGeneration(value, current);
        if (kind.HasGeneration && changed)
        {
            value.Metadata()["generation"] = ((long?)current.Metadata()["generation"] ?? 0) + 1;
        }
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

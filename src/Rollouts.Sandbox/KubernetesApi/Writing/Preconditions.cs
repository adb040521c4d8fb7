using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>What has to fit together before anything is written.</summary>
internal static class Preconditions
{
    /// <summary>Puts the namespace of the path into the object.</summary>
    public static void TakeNamespace(ApiRequest request, JsonObject value)
    {
        var asked = request.StoredNamespace;
        if (value.Namespace().Length > 0 && value.Namespace() != asked)
        {
            throw ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (asked.Length > 0)
        {
            value.Metadata()["namespace"] = asked;
        }
    }

    public static void RequireName(ApiRequest request, JsonObject value)
    {
        if (value.Name().Length == 0)
        {
            throw ApiFailure.BadRequest($"the name of the object ({request.Name} based on URL) was undeterminable: name must be provided");
        }

        if (value.Name() != request.Name)
        {
            throw ApiFailure.BadRequest($"the name of the object ({value.Name()}) does not match the name on the URL ({request.Name})");
        }
    }

    public static void RequireNamespace(ObjectStore store, KubernetesKind kind, JsonObject value)
    {
        if (!kind.Namespaced)
        {
            return;
        }

        var ns = store.Find(KubernetesKinds.Namespace, "", value.Namespace())
            ?? throw ApiFailure.NotFound(KubernetesKinds.Namespace, value.Namespace());
        if (ns.IsDeleting())
        {
            throw ApiFailure.NamespaceTerminating(kind, value.Name(), value.Namespace());
        }
    }

    // A patch that changes the uid is an invalid object instead: it was made from the one that is stored.
    public static void RequireSameObject(ApiRequest request, JsonObject value, JsonObject current)
    {
        if (request.Verb == "update" && value.Uid().Length > 0 && value.Uid() != current.Uid())
        {
            throw ApiFailure.Conflict(
                request.Kind, request.Name, $"Precondition failed: UID in precondition: {value.Uid()}, UID in object meta: {current.Uid()}");
        }
    }

    public static void RequireSameVersion(KubernetesKind kind, JsonObject value, JsonObject current)
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
                throw ApiFailure.Invalid(kind, value.Name(), [new("FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update")]);
            }
        }
        else if (given != current.ResourceVersion())
        {
            throw ApiFailure.Modified(kind, value.Name());
        }
    }
}

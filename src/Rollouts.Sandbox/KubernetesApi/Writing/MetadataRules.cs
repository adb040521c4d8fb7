using System.Text;
using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>What the real server refuses in the metadata of any object.</summary>
internal static class MetadataRules
{
    private const int AnnotationsLimit = 256 * 1024;

    public static void Validate(KubernetesKind kind, JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        if (old is null)
        {
            ValidateName(kind, value, errors);
        }
        else
        {
            ValidateUnchanged(value, old, errors);
        }

        foreach (var (key, label) in value.Labels())
        {
            Add(errors, "metadata.labels", key, Names.KeyProblem(key));
            Add(errors, "metadata.labels", label, Names.LabelValueProblem(label));
        }

        var size = 0;
        foreach (var (key, annotation) in value.Metadata()["annotations"] as JsonObject ?? [])
        {
            // Upper case is taken in the prefix of an annotation, nowhere else.
            Add(errors, "metadata.annotations", key, Names.KeyProblem(key.ToLowerInvariant()));
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount((string)annotation!);
        }

        if (size > AnnotationsLimit)
        {
            errors.Add(FieldError.TooLong("metadata.annotations", AnnotationsLimit));
        }
    }

    private static void ValidateName(KubernetesKind kind, JsonObject value, List<FieldError> errors)
    {
        if (value.Name().Length == 0)
        {
            errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
            return;
        }

        // Names of RBAC objects only have to fit into a path.
        var problem = kind.Group == KubernetesKinds.Role.Group
            ? value.Name().AsSpan().ContainsAny('/', '%') ? "may not contain '/' or '%'" : null
            : kind == KubernetesKinds.Namespace ? Names.LabelProblem(value.Name())
            : kind == KubernetesKinds.Service ? Names.ServiceNameProblem(value.Name())
            : Names.SubdomainProblem(value.Name());
        Add(errors, "metadata.name", value.Name(), problem);
    }

    private static void ValidateUnchanged(JsonObject value, JsonObject old, List<FieldError> errors)
    {
        if (value.Uid() != old.Uid())
        {
            errors.Add(FieldError.Invalid("metadata.uid", value.Uid(), "field is immutable"));
        }

        if (old.IsDeleting() && value.Finalizers().Except(old.Finalizers()).ToList() is { Count: > 0 } added)
        {
            var names = string.Join(", ", added.Select(f => $"\"{f}\""));
            errors.Add(FieldError.Forbidden(
                "metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{names}}}"));
        }
    }

    private static void Add(List<FieldError> errors, string field, string value, string? problem)
    {
        if (problem is not null)
        {
            errors.Add(FieldError.Invalid(field, value, problem));
        }
    }
}

using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>A request that is answered with a failure <c>Status</c>, in the real server's words.</summary>
internal sealed class ApiFailure : Exception
{
    private ApiFailure(int code, string? reason, string message, JsonObject? details = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        Details = details;
    }

    public int Code { get; }

    public string? Reason { get; }

    public JsonObject? Details { get; }

    public int? RetryAfterSeconds => (int?)Details?["retryAfterSeconds"];

    public static ApiFailure NotFound(KubernetesKind kind, string name) =>
        new(404, "NotFound", $"{kind.QualifiedPlural} \"{name}\" not found", Naming(kind, kind.Plural, name));

    public static ApiFailure AlreadyExists(KubernetesKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.QualifiedPlural} \"{name}\" already exists", Naming(kind, kind.Plural, name));

    public static ApiFailure Modified(KubernetesKind kind, string name) => Conflict(
        kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiFailure Conflict(KubernetesKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{name}\": {why}", Naming(kind, kind.Plural, name));

    public static ApiFailure Invalid(KubernetesKind kind, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(kind.QualifiedName, kind.Group, kind.Name, name, errors);

    /// <summary>Options such as <c>PatchOptions</c> that are wrong.</summary>
    public static ApiFailure InvalidOptions(string kind, FieldError error) => Invalid($"{kind}.meta.k8s.io", "meta.k8s.io", kind, "", [error]);

    /// <summary>A patch whose result is not an object of the kind.</summary>
    public static ApiFailure InvalidPatch(string patched, string why) => Invalid("", "", "", "", [FieldError.Invalid("patch", patched, why)]);

    public static ApiFailure Forbidden(KubernetesKind kind, string name, string why) =>
        new(403, "Forbidden", $"{Named(kind.QualifiedPlural, name)} is forbidden: {why}", Naming(kind, kind.Plural, name));

    public static ApiFailure NamespaceTerminating(KubernetesKind kind, string name, string ns)
    {
        var failure = Forbidden(kind, name, $"unable to create new content in namespace {ns} because it is being terminated");
        failure.Details!["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {ns} is being terminated",
            ["field"] = "metadata.namespace",
        });
        return failure;
    }

    public static ApiFailure ForbiddenPath(string user, string verb, string path) =>
        new(403, "Forbidden", $"forbidden: User \"{user}\" cannot {verb} path \"{path}\"", []);

    public static ApiFailure Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiFailure BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiFailure UnknownResource() => new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiFailure MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiFailure UnsupportedMediaType(params string[] accepted) => new(
        415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    public static ApiFailure TooLarge(int limit) => new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static ApiFailure UnappliablePatch() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    public static ApiFailure Expired(string message) => new(410, "Expired", message);

    public static ApiFailure TooNew(long asked, long current) => new(
        504,
        "Timeout",
        $"Timeout: Too large resource version: {asked}, current: {current}",
        new() { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }), ["retryAfterSeconds"] = 1 });

    /// <summary>A failure that the real server passes on without a reason.</summary>
    public static ApiFailure Internal(string message) => new(500, null, message);

    public static ApiFailure ApplyConflict(IReadOnlyList<(string Manager, string Field)> conflicts)
    {
        var lines = conflicts.GroupBy(c => c.Manager).OrderBy(g => g.Key, StringComparer.Ordinal).Select(group =>
            conflicts.Count == 1 ? $"conflict with {group.Key}: {group.First().Field}" : $"conflicts with {group.Key}:\n{string.Join("\n", group.Select(c => $"- {c.Field}"))}");
        var causes = new JsonArray([.. conflicts.Select(c => new JsonObject
        {
            ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with {c.Manager}", ["field"] = c.Field,
        })]);
        var count = conflicts.Count == 1 ? "1 conflict" : $"{conflicts.Count} conflicts";
        return new(409, "Conflict", $"Apply failed with {count}: {string.Join("\n", lines)}", new() { ["causes"] = causes });
    }

    /// <summary>A fault that was asked for.</summary>
    public static ApiFailure Injected(int code, string reason, string message, int? retryAfterSeconds) =>
        new(code, reason, message, retryAfterSeconds is { } seconds ? new() { ["retryAfterSeconds"] = seconds } : null);

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason is not null)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }

    private static ApiFailure Invalid(string qualifiedName, string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var details = new JsonObject();
        foreach (var (key, value) in new[] { ("name", name), ("group", group), ("kind", kind) })
        {
            if (value.Length > 0)
            {
                details[key] = value;
            }
        }

        details["causes"] = new JsonArray([.. errors.Select(e => new JsonObject { ["reason"] = e.Reason, ["message"] = e.Message, ["field"] = e.Field })]);
        var lines = errors.Select(e => $"{e.Field}: {e.Message}").Distinct().ToList();
        var all = lines.Count == 1 ? lines[0] : $"[{string.Join(", ", lines)}]";
        return new(422, "Invalid", $"{qualifiedName} \"{name}\" is invalid: {all}", details);
    }

    private static string Named(string what, string name) => name.Length == 0 ? what : $"{what} \"{name}\"";

    private static JsonObject Naming(KubernetesKind kind, string kindName, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = kindName;
        return details;
    }
}

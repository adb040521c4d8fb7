using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Writing;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>Where an Ingress sends to: a service with a port by name or by number, or another resource.</summary>
internal static partial class IngressBackendRules
{
    public static void Validate(JsonObject backend, string field, List<FieldError> errors)
    {
        switch (backend["service"] as JsonObject, backend["resource"] as JsonObject)
        {
            case (not null, not null):
                errors.Add(FieldError.Invalid(field, "", "cannot set both resource and service backends"));
                break;
            case (null, null):
                errors.Add(FieldError.Invalid(field, "", "resource or service backend is required"));
                break;
            case ({ } service, null):
                ValidateService(service, field, errors);
                break;
            case (null, { } resource):
                Require(resource, "kind", field + ".resource", errors);
                Require(resource, "name", field + ".resource", errors);
                break;
        }
    }

    private static void ValidateService(JsonObject service, string field, List<FieldError> errors)
    {
        if (Require(service, "name", field + ".service", errors) is { } name && Names.ServiceNameProblem(name) is { } problem)
        {
            errors.Add(FieldError.Invalid(field + ".service.name", name, problem));
        }

        var portName = (string?)service["port"]?["name"] ?? "";
        var number = (long?)service["port"]?["number"] ?? 0;
        switch (portName.Length > 0, number != 0)
        {
            case (true, true):
                errors.Add(FieldError.Invalid(field, "", "cannot set both port name & port number"));
                break;
            case (false, false):
                errors.Add(FieldError.Required(field, "port name or number is required"));
                break;
            case (true, false) when !PortName().IsMatch(portName):
                errors.Add(FieldError.Invalid(field + ".service.port.name", portName, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"));
                break;
            case (false, true) when number is < 1 or > 65535:
                errors.Add(FieldError.Invalid(field + ".service.port.number", number, "must be between 1 and 65535, inclusive"));
                break;
        }
    }

    private static string? Require(JsonObject value, string name, string field, List<FieldError> errors)
    {
        if ((string?)value[name] is { Length: > 0 } text)
        {
            return text;
        }

        errors.Add(FieldError.Required($"{field}.{name}"));
        return null;
    }

    // At most 15 characters, at least one letter, no two hyphens in a row.
    [GeneratedRegex("^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex PortName();
}

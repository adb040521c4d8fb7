using Rollouts.Manifests.Fields;
using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads who may let a release go on.</summary>
internal static class ApprovalReader
{
    private const int MostQuorum = 10;
    private const int MostNamed = 20;

    public static ApprovalPolicy? Read(FieldReader spec)
    {
        if (spec.Object("approval", PolicyFields.Approval) is not { } reader)
            return null;
        FieldReader? approvers = reader.Object("approvers", PolicyFields.Approvers);
        var policy = new ApprovalPolicy
        {
            SlackUsers = Ids(approvers, "slackUsers"),
            SlackGroups = Ids(approvers, "slackGroups"),
            EntraUsers = Ids(approvers, "entraUsers"),
            EntraGroups = Ids(approvers, "entraGroups"),
            AppRoles = Ids(approvers, "appRoles"),
            Quorum = (int)(reader.Integer("quorum", 1, MostQuorum) ?? 1),
            RequesterMayApprove = reader.Flag("requesterMayApprove") ?? true,
            SignIn = reader.Flag("signIn") ?? false,
            Abort = ReadAbort(reader),
        };
        if (approvers is { HasReportedFields: false } && !policy.NamesApprovers)
            reader.Problems.Error(reader.At("approvers"), "names nobody, so nobody could approve; remove it, or name somebody");
        if (policy is { Abort: AbortBy.Approvers, NamesApprovers: false })
            reader.Problems.Error(reader.At("abort"), "needs approvers");
        return policy;
    }

    private static AbortBy ReadAbort(FieldReader reader)
    {
        string? given = reader.Text("abort");
        if (given is not (null or "anyone" or "approvers"))
            reader.Problems.Error(reader.At("abort"), $"must be anyone or approvers; found {Shown.Text(given)}");
        return given == "approvers" ? AbortBy.Approvers : AbortBy.Anyone;
    }

    private static IReadOnlyList<string> Ids(FieldReader? reader, string field) =>
        reader is null ? [] : [.. reader.List(field, MostNamed).Select(e => Id(e, reader)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? Id(Element element, FieldReader reader)
    {
        string? id = element.AsText(reader.Problems);
        if (id is null || (id.Length is > 0 and <= 100 && !id.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))))
            return id;
        reader.Problems.Error(element.Place, $"must be an id of 1 to 100 characters without spaces; found {Shown.Text(id)}");
        return null;
    }
}
